import { sleep } from '../../src/cloudflare/clock';
import type { Answer } from '../../src/cloudflare/request';
import type { Transport } from '../../src/cloudflare/transport';
import type { VirtualClock } from './virtualClock';

export interface LimitedServerOptions {
  /** Requests of a credential in a window. Default: 1,200. */
  readonly quota?: number;
  readonly windowMs?: number;
  /** Whether each request leaves the window after its length, and `t` is the time until the window is empty. Default: fixed windows. */
  readonly isSliding?: boolean;
  readonly latencyMs?: number;
  /** Requests that other programs send with the same credential at the start of each window. */
  readonly byOthers?: number;
  /** The body of a response. */
  readonly text?: (url: URL) => string;
}

/** A server with Cloudflare's limits on a virtual clock: windows for each credential, and 200 requests in any second. */
export class LimitedServer {
  sent = 0;
  refused = 0;
  mostInASecond = 0;
  /** When each request came. */
  readonly arrivals: number[] = [];
  private readonly quota: number;
  private readonly windowMs: number;
  private readonly isSliding: boolean;
  private readonly byOthers: number;
  /** When the requests of a credential in the sliding window came. */
  private readonly sliding = new Map<string, number[]>();
  private readonly windows = new Map<string, { endsAt: number; used: number }>();
  private readonly sentAt: number[] = [];
  readonly transport: Pick<Transport, 'get'>;

  constructor(
    private readonly clock: VirtualClock,
    {
      quota = 1200,
      windowMs = 300_000,
      isSliding = false,
      latencyMs = 20,
      byOthers = 0,
      text = () => '{}',
    }: LimitedServerOptions = {},
  ) {
    this.isSliding = isSliding;
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
    this.arrivals.push(now);
    this.sentAt.push(now);
    while ((this.sentAt[0] ?? now) <= now - 1000) this.sentAt.shift();
    this.mostInASecond = Math.max(this.mostInASecond, this.sentAt.length);
    return this.isSliding ? this.countSliding(credential, now) : this.countFixed(credential, now);
  }

  private countSliding(credential: string, now: number): Pick<Answer, 'status' | 'headers'> {
    const times = this.sliding.get(credential) ?? [];
    this.sliding.set(credential, times);
    while ((times[0] ?? now) <= now - this.windowMs) times.shift();
    times.push(now);
    const headers = this.headers(times.length, this.windowMs);
    if (times.length > this.quota || this.sentAt.length > 200) {
      this.refused++;
      headers.set('retry-after', String(this.windowMs / 1000));
      return { status: 429, headers };
    }
    return { status: 200, headers };
  }

  private headers(used: number, untilResetMs: number): Headers {
    return new Headers({
      ratelimit: `"default";r=${Math.max(0, this.quota - used)};t=${Math.ceil(untilResetMs / 1000)}`,
      'ratelimit-policy': `"default";q=${this.quota};w=${this.windowMs / 1000}`,
    });
  }

  private countFixed(credential: string, now: number): Pick<Answer, 'status' | 'headers'> {
    let window = this.windows.get(credential);
    if (window === undefined || now >= window.endsAt) {
      window = { endsAt: now + this.windowMs, used: this.byOthers };
      this.windows.set(credential, window);
    }
    window.used++;
    const headers = this.headers(window.used, window.endsAt - now);
    if (window.used > this.quota || this.sentAt.length > 200) {
      this.refused++;
      window.endsAt = now + this.windowMs;
      headers.set('retry-after', String(this.windowMs / 1000));
      return { status: 429, headers };
    }
    return { status: 200, headers };
  }
}
