import PQueue from 'p-queue';
import { type Authorization, authorizationHeaders } from './credential';
import { CloudflareError } from './errors';
import type { Answer, Transport } from './transport';

/** What is asked. Path parts are encoded already; `endpoint` is the same path with placeholders, for words and logs. */
export interface ApiRequest {
  readonly endpoint: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: Authorization;
}

/** A person waits for `interactive` requests; they go before `bulk` ones. */
export type Priority = 'interactive' | 'bulk';

export interface SendOptions {
  readonly priority?: Priority;
  readonly signal?: AbortSignal | undefined;
}

const order: Record<Priority, number> = { interactive: 1, bulk: 0 };

/** How many requests run at once; the extension host's `fetch` drops the agent's own limit on connections. */
export const maxRequestsInFlight = 8;

/** The one way out: every request of the extension passes here. */
export class Gate {
  private readonly queue = new PQueue({ concurrency: maxRequestsInFlight });

  constructor(
    private readonly transport: Transport,
    /** The address in force, read anew for each request; throws InvalidBaseUrlError. */
    private readonly baseUrl: () => URL,
  ) {}

  /** The origin that requests go to now; throws InvalidBaseUrlError. */
  get origin(): string {
    return this.baseUrl().origin;
  }

  async send(request: ApiRequest, { priority = 'interactive', signal }: SendOptions = {}): Promise<Answer> {
    return this.queue.add(() => this.exchange(request, signal), {
      priority: order[priority],
      ...(signal && { signal }),
    });
  }

  private exchange({ endpoint, path, query, authorization }: ApiRequest, signal: AbortSignal | undefined) {
    const base = this.baseUrl();
    // A credential goes nowhere but to the origin that it was verified against, whatever the setting says since.
    if (base.origin !== authorization.origin) {
      throw new CloudflareError({ reason: 'otherOrigin', endpoint });
    }
    const url = new URL(base.href.replace(/\/$/, '') + path);
    url.search = query.toString();
    return this.transport.get(url, authorizationHeaders(authorization.credential), endpoint, signal);
  }
}
