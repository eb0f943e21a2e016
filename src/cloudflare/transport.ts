import { type Clock, systemClock, untilAborted } from './clock';
import { CloudflareError, type Failure, type FailureReason } from './errors';
import { networkFailure } from './networkProblem';
import type { Answer } from './request';

/** `fetch` with undici's option `dispatcher`, which Node accepts and the standard's types do not have. */
export type Fetch = (
  url: string,
  init: {
    method: 'GET';
    headers: Record<string, string>;
    redirect: 'manual';
    signal: AbortSignal;
    dispatcher?: unknown;
  },
) => Promise<Response>;

export interface TransportOptions {
  readonly fetch: Fetch;
  /** The undici agent to send with, or undefined; see `longLivedAgent`. */
  readonly dispatcher: () => Promise<unknown>;
  /** Milliseconds from the call until the headers must be there. Default: 30 s. */
  readonly headersDeadlineMs?: number;
  /** Milliseconds from the call until the whole response must be there. Default: 60 s. */
  readonly deadlineMs?: number;
  /** Bytes that a body may have after decompression. Default: 32 MiB. */
  readonly maxBodyBytes?: number;
  readonly clock?: Clock;
}

export const defaultHeadersDeadlineMs = 30_000;
export const defaultDeadlineMs = 60_000;
const defaultMaxBodyBytes = 32 * 1024 * 1024;

/**
 * One GET over the network, with deadlines and a size limit. The extension host's `fetch`, which knows the company's proxy and
 * certificates, ignores the timeouts and limits of the agent, so they are implemented here.
 */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /**
   * @param endpoint Names the request in errors.
   * @returns The whole response, whatever its status. Throws CloudflareError, or the signal's reason once it is aborted.
   */
  async get(
    url: URL,
    headers: Record<string, string>,
    endpoint: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const { clock = systemClock, headersDeadlineMs, deadlineMs } = this.options;
    const own = new AbortController();
    const onAbort = () => own.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    // Filled in as the response arrives, so that an error can say what had arrived.
    const facts: Facts = { endpoint };
    const onDeadline = () => own.abort(failed('timeout', facts));
    const cancelHeadersDeadline = clock.after(headersDeadlineMs ?? defaultHeadersDeadlineMs, onDeadline);
    const cancelDeadline = clock.after(deadlineMs ?? defaultDeadlineMs, onDeadline);

    try {
      const exchange = this.exchange(url, headers, facts, own.signal, cancelHeadersDeadline);
      return await untilAborted(exchange, own.signal);
    } catch (error) {
      // Once the signal is aborted, its reason is the cause, whatever `fetch` throws.
      own.signal.throwIfAborted();
      throw error instanceof CloudflareError
        ? error
        : failed('network', { ...facts, ...networkFailure(error, url) }, error);
    } finally {
      cancelHeadersDeadline();
      cancelDeadline();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private async exchange(
    url: URL,
    headers: Record<string, string>,
    facts: Facts,
    signal: AbortSignal,
    onHeaders: () => void,
  ): Promise<Answer> {
    const dispatcher = await this.options.dispatcher();
    signal.throwIfAborted();
    const response = await this.options.fetch(url.href, {
      method: 'GET',
      headers: { Accept: 'application/json', ...headers },
      redirect: 'manual',
      signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    onHeaders();
    facts.status = response.status;
    facts.ray = response.headers.get('cf-ray') ?? undefined;
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel().catch(() => undefined);
      const location = response.headers.get('location') ?? '';
      const redirectHost = URL.canParse(location, url.href) ? new URL(location, url).host : undefined;
      throw failed('redirect', { ...facts, redirectHost });
    }
    return { status: response.status, headers: response.headers, ...(await this.readBody(response, facts, url)) };
  }

  /** Reads the body to its end, also of failed requests: a body that is neither read nor cancelled keeps its socket. */
  private async readBody(response: Response, facts: Facts, url: URL) {
    const { maxBodyBytes = defaultMaxBodyBytes } = this.options;
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        facts.bytes = bytes += chunk.byteLength;
        if (bytes > maxBodyBytes) {
          throw failed('tooLarge', facts);
        }
        text += decoder.decode(chunk, { stream: true });
      }
    } catch (error) {
      if (error instanceof CloudflareError) {
        throw error;
      }
      const failure = networkFailure(error, url);
      // A body that cannot be decompressed is not worth a retry. The codes are those of zlib, Brotli and Zstandard in Node.
      throw /^(Z_|ERR__ERROR_|ZSTD_error_)/.test(failure.networkCode ?? '')
        ? failed('notJson', facts, error)
        : failed('network', { ...facts, ...failure }, error);
    }
    return { text: text + decoder.decode(), bytes };
  }
}

/** What is known about a response so far. */
type Facts = Omit<Failure, 'reason'> & { status?: number; ray?: string | undefined; bytes?: number };

function failed(reason: FailureReason, facts: Omit<Failure, 'reason'>, cause?: unknown): CloudflareError {
  return new CloudflareError({ reason, ...facts }, { cause });
}

/**
 * Loads undici and makes its agent at the first request; all requests share it. `isLeftOut` is asked before each request: with
 * `http.proxySupport` set to `on`, VS Code does not use the company's proxy for a request that has a dispatcher.
 */
export function longLivedAgent(isLeftOut: () => boolean): () => Promise<unknown> {
  let agent: Promise<unknown> | undefined;
  const load = async () => {
    try {
      const { default: Agent } = await import('undici/lib/dispatcher/agent.js');
      return new Agent();
    } catch (error) {
      // The next request tries again.
      agent = undefined;
      throw error;
    }
  };
  return async () => (isLeftOut() ? undefined : (agent ??= load()));
}
