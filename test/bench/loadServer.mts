// The simulator of the loading metrics, in a process of its own: loadServer.mts <users> <latency in ms> cloudflare|off. One line of JSON
// says where it is; each message is answered with what was asked for since the last.
import { type Simulator, startSimulator } from '../simulator/simulator.mts';
import { accountName, directoryOf, providerName } from './directory.mts';

/** Where the directory is. */
export interface LoadAddress {
  readonly baseUrl: string;
  readonly token: string;
  readonly account: string;
  readonly provider: string;
}

/** What the server has seen. */
export interface Seen {
  readonly requests: number;
  /** Answers that were no success. */
  readonly refusals: number;
}

const [users = '', latencyMs = '', rateLimits = ''] = process.argv.slice(2);
const simulator = await startSimulator({
  latencyMs: Number(latencyMs),
  rateLimits: rateLimits === 'cloudflare' ? 'cloudflare' : 'off',
});
const account = simulator.accounts.find(({ name }) => name === accountName);
const place = account?.identityProviders.findIndex(({ name }) => name === providerName) ?? -1;
if (!account || place < 0) throw new Error('The simulator has no such directory.');
const directory = directoryOf(Number(users));
account.identityProviders[place] = directory;

const { baseUrl } = simulator;
const address: LoadAddress = { baseUrl, token: simulator.issueToken(), account: account.id, provider: directory.id };
console.log(JSON.stringify(address));

process.on('message', () => process.send?.(seenBy(simulator)));
process.once('disconnect', () => void simulator.close());

function seenBy({ requests }: Simulator): Seen {
  const refusals = requests.filter(({ status }) => status !== 200).length;
  const seen = { requests: requests.length, refusals };
  requests.length = 0;
  return seen;
}
