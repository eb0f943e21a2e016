import { sleep } from '../../src/cloudflare/clock';
import type { Answer } from '../../src/cloudflare/request';
import type { Transport } from '../../src/cloudflare/transport';
import type { VirtualClock } from './virtualClock';

export interface LimitedServerOptions {
  /** Requests of a credential in a window. Default: 1,200. */
  readonly quota?: number;
  readonly windowMs?: number;
  readonly latencyMs?: number;
  /** Requests that other programs send with the same credential at the start of each window. */
  readonly byOthers?: number;
  /** The body of a response. */
  readonly text?: (url: URL) => string;
}

/** A server with Cloudflare's limits on a virtual clock: fixed windows for each credential, and 200 requests in any second. */
export class LimitedServer {
  sent = 0;
  refused = 0;
  mostInASecond = 0;
  private readonly quota: number;
  private readonly windowMs: number;
  private readonly byOthers: number;
  private readonly windows = new Map<string, { endsAt: number; used: number }>();
  private readonly sentAt: number[] = [];
  readonly transport: Pick<Transport, 'get'>;

  constructor(
    private readonly clock: VirtualClock,
    { quota = 1200, windowMs = 300_000, latencyMs = 20, byOthers = 0, text = () => '{}' }: LimitedServerOptions = {},
  ) {
    this.quota = quota;
    this.windowMs = windowMs;
    this.byOthers = byOthers;
    this.transport = {
      get: async (url: URL, { Authorization = '' }: Record<string, string>): Promise<Answer> => {
        await sleep(clock, latencyMs / 2, undefined);
        const { status, headers } = this.count(Authorization);
        await sleep(clock, latencyMs / 2, undefined);
        const body = status === 200 ? text(url) : '';
        return { status, headers, text: body, bytes: body.length };
      },
    };
  }

  private count(credential: string): Pick<Answer, 'status' | 'headers'> {
    const now = this.clock.now();
    this.sent++;
    this.sentAt.push(now);
    while ((this.sentAt[0] ?? now) <= now - 1000) this.sentAt.shift();
    this.mostInASecond = Math.max(this.mostInASecond, this.sentAt.length);
    let window = this.windows.get(credential);
    if (window === undefined || now >= window.endsAt) {
      window = { endsAt: now + this.windowMs, used: this.byOthers };
      this.windows.set(credential, window);
    }
    window.used++;
    const t = Math.ceil((window.endsAt - now) / 1000);
    const headers = new Headers({
      ratelimit: `"default";r=${Math.max(0, this.quota - window.used)};t=${t}`,
      'ratelimit-policy': `"default";q=${this.quota};w=${this.windowMs / 1000}`,
    });
    if (window.used > this.quota || this.sentAt.length > 200) {
      this.refused++;
      window.endsAt = now + this.windowMs;
      headers.set('retry-after', String(this.windowMs / 1000));
      return { status: 429, headers };
    }
    return { status: 200, headers };
  }
}
