// The real client, bundled for the soak.
export { CloudflareApi } from '../../src/cloudflare/api';
export { CloudflareError } from '../../src/cloudflare/errors';
export { Gate } from '../../src/cloudflare/gate';
export { type Fetch, Transport } from '../../src/cloudflare/transport';
