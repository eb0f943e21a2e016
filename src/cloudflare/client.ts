import { EventEmitter } from 'node:events';
import type { Clock } from './clock';
import type { Authorization } from './credential';
import type { CloudflareApi } from './endpoints';
import type { ClientEvents } from './request';
import type { Sender } from './sender';
import type { Fetch } from './transport';

export interface ClientOptions {
  readonly fetch: Fetch;
  /** Whether requests are sent without our own agent; asked before each request. See `longLivedAgent`. */
  readonly isAgentLeftOut: () => boolean;
  /** The base URL in force, read for each request; throws InvalidBaseUrlError. */
  readonly baseUrl: () => URL;
  /** The part of a rate-limit window that bulk requests leave unused, in percent as the setting has it. See `reservedPart`. */
  readonly reservedPercent: () => unknown;
  /** Used for pauses and rate limits. The deadlines of requests go by the system's clock. */
  readonly clock: Clock;
  /** Returns 0 to 1, for the length of pauses. */
  readonly random: () => number;
}

/** The client of Cloudflare's API. It loads the code that sends requests when the first credential is used, not at activation. */
export class CloudflareClient extends EventEmitter<ClientEvents> {
  /** One for all credentials, since they share the limit of this computer's address. */
  #sender: Sender | undefined;

  constructor(private readonly options: ClientOptions) {
    super();
  }

  /** The origin that requests are sent to at this moment; throws InvalidBaseUrlError. */
  get origin(): string {
    return this.options.baseUrl().origin;
  }

  /** Lets requests use the reserve of the current rate-limit windows. */
  useReserve(): void {
    this.#sender?.useReserve();
  }

  /** The API's endpoints with a credential. Sends nothing. */
  async open(authorization: Authorization): Promise<CloudflareApi> {
    const { CloudflareApi, longLivedAgent, reservedPart, Sender, Transport } = await import('./network');
    const { fetch, isAgentLeftOut, baseUrl, reservedPercent, clock, random } = this.options;
    this.#sender ??= new Sender(new Transport({ fetch, dispatcher: longLivedAgent(isAgentLeftOut) }), baseUrl, {
      clock,
      random,
      reserve: () => reservedPart(reservedPercent()),
      events: this,
    });
    return new CloudflareApi(this.#sender, authorization);
  }
}
