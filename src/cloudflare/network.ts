// What CloudflareClient loads when the first credential is used.
export { CloudflareApi } from './endpoints';
export { reservedPart } from './rateLimits';
export { Sender } from './sender';
export { longLivedAgent, Transport } from './transport';
