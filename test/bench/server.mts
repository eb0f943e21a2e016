// node server.mts <options>: simulators in a process of their own, so that their work is not measured. See servers.mts.
import { startSimulator } from '../simulator/simulator.mts';
import { accountName, directoryOf, providerName } from './directory.mts';
import type { Report, ServerOptions } from './servers.mts';
import { soakFaults } from './soakFaults.mts';

async function start({ latencyMs = 0, rateLimits = 'off', users, speed = 1, faultShare = 0 }: ServerOptions) {
  const startedAt = Date.now();
  const now = () => startedAt + (Date.now() - startedAt) * speed;
  const simulator = await startSimulator({ latencyMs, rateLimits, now });
  soakFaults(faultShare).forEach((fault) => simulator.faults.add(fault));

  const account = simulator.accounts.find(({ name }) => name === accountName);
  const place = account?.identityProviders.findIndex(({ name }) => name === providerName) ?? -1;
  const provider = account?.identityProviders[place];
  if (!account || !provider) throw new Error('The simulator has no such directory.');
  if (users !== undefined) account.identityProviders[place] = directoryOf(users);

  return (): Report => {
    // Many requests are recorded; nobody reads them here.
    simulator.requests.length = 0;
    const { baseUrl, openSockets } = simulator;
    const address = { baseUrl, token: simulator.issueToken(), account: account.id, provider: provider.id };
    return { address, openSockets };
  };
}

const options = JSON.parse(process.argv[2] ?? '') as Record<string, ServerOptions>;
const reports = new Map<unknown, () => Report>();
for (const [name, option] of Object.entries(options)) reports.set(name, await start(option));

process.on('message', (name) => process.send?.(reports.get(name)?.()));
process.once('disconnect', () => process.exit());
process.send?.('started');
