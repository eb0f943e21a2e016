import type { Address } from './servers.mts';
import { variables } from './sample.mts';

/** Where one of the simulators is that the runner has named; the only one of a script is `it`. */
export function addressOf(name: string): Address {
  const addresses = JSON.parse(process.env[variables.addresses] ?? '{}') as Partial<Record<string, Address>>;
  const address = addresses[name];
  if (address === undefined) throw new Error(`The runner names no simulator ${name}.`);
  return address;
}
