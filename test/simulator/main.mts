// The simulator on its own: node test/simulator/main.mts --port 8787 [--latency ms] [--rate-limits]
import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.mts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    'rate-limits': { type: 'boolean', default: false },
  },
});

const simulator = await startSimulator({
  port: Number(values.port),
  latencyMs: Number(values.latency),
  rateLimits: values['rate-limits'] ? 'cloudflare' : 'off',
});
const apiKey = simulator.issueApiKey();

console.log(`Base URL       ${simulator.baseUrl}`);
console.log(`User token     ${simulator.issueToken()}`);
console.log(`Account token  ${simulator.issueToken({ kind: 'account' })}`);
console.log(`API key        ${apiKey.email} ${apiKey.key}`);
for (const { id, name, identityProviders } of simulator.accounts) {
  console.log(`${id}  ${name}, identity providers: ${identityProviders.length}`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close());
}
