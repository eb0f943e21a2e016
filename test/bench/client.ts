// The client as the extension builds it, in front of a simulator, for what is measured without the extension.
import { type Clock, systemClock } from '../../src/cloudflare/clock';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import { Sender } from '../../src/cloudflare/sender';
import { type Fetch, longLivedAgent, Transport, type TransportOptions } from '../../src/cloudflare/transport';
import { DirectoryProvider } from '../../src/directory/provider';
import type { Address } from './servers.mts';

/** A clock that runs so many times as fast. */
export function spedUpClock(speed: number): Clock {
  return {
    now: () => systemClock.now() * speed,
    after: (milliseconds, callback) => systemClock.after(milliseconds / speed, callback),
  };
}

/** The client keeps Cloudflare's limits by itself, whatever a server says: on this clock it never meets one. */
export const unlimited = spedUpClock(1_000);

/** Node's `fetch`, or the extension host's; it takes a `dispatcher` as well. */
export const globalFetch: Fetch = (...args) => (globalThis.fetch as unknown as Fetch)(...args);

export interface Client {
  readonly sender: Sender;
  readonly api: CloudflareApi;
}

export function clientOf({ baseUrl, token }: Address, clock: Clock, options: Partial<TransportOptions> = {}): Client {
  const transport = new Transport({
    fetch: globalFetch,
    dispatcher: longLivedAgent(() => false),
    ...options,
  });
  const sender = new Sender(transport, () => new URL(baseUrl), { clock });
  const credential = { scheme: 'token', token } as const;
  return { sender, api: new CloudflareApi(sender, { credential, origin: new URL(baseUrl).origin }) };
}

/** The measured identity provider; nothing of it is read yet. */
export function providerOf(api: CloudflareApi, { account, provider: id }: Address): DirectoryProvider {
  return new DirectoryProvider({ id: account, name: '' }, api, {
    id,
    name: 'Entra ID',
    type: 'azureAD',
    scimEnabled: true,
  });
}
