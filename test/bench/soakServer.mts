// The simulator of the soak, in a process of its own: time is as many times as fast as the first argument says, the second is the share
// of requests with a fault. One line of JSON says where it is.
import { startSimulator } from '../simulator/simulator.mts';
import { soakFaults } from './soakFaults.mts';

const [speed = 1, share = 0] = process.argv.slice(2).map(Number);
const startedAt = Date.now();
const simulator = await startSimulator({
  rateLimits: 'cloudflare',
  now: () => startedAt + (Date.now() - startedAt) * speed,
});
soakFaults(share).forEach((fault) => simulator.faults.add(fault));
const { baseUrl, accounts } = simulator;
const [account] = accounts;
const users = account?.identityProviders.find(({ userCount }) => userCount > 50_000);
console.log(JSON.stringify({ baseUrl, token: simulator.issueToken(), account: account?.id, provider: users?.id }));

process.on('message', (message) => {
  // Many requests are recorded; nobody reads them here.
  simulator.requests.length = 0;
  process.send?.({ message, openSockets: simulator.openSockets });
});
process.once('disconnect', () => void simulator.close());
