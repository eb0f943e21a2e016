/**
 * One GET over the network: headers, deadline, size limit. It knows nothing of Cloudflare but where the credential goes.
 *
 * It asks through the `fetch` that it is given. In VS Code that is the extension host's, which finds the company's proxy and
 * certificates; that `fetch` takes none of the agent's own timeouts and limits over, so they are kept here, above it.
 */
import { untilAborted } from './abort';
import { type Clock, systemClock } from './clock';
import { CloudflareError, type Failure, type FailureReason } from './errors';
import { networkFailure } from './networkProblem';

/** `fetch` with undici's `dispatcher`, which Node accepts and the standard's types leave out. */
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
  /** The one long-lived undici agent, or undefined where VS Code would take an agent as a reason to skip the proxy. */
  readonly dispatcher: () => Promise<unknown>;
  /** Milliseconds that connecting and the headers may take, counted from the call. */
  readonly headersDeadlineMs?: number;
  /** Milliseconds that the whole answer may take, counted from the call. */
  readonly deadlineMs?: number;
  /** Bytes that a body may have after decompression. */
  readonly maxBodyBytes?: number;
  readonly clock?: Clock;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of the body, after decompression. */
  readonly bytes: number;
}

export const defaultHeadersDeadlineMs = 30_000;
export const defaultDeadlineMs = 60_000;
export const defaultMaxBodyBytes = 32 * 1024 * 1024;

export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /** The whole answer, whatever its status; throws CloudflareError, or the signal's own reason once that is aborted. */
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
    // Filled in as the answer comes: whatever happens then, what came is known.
    const facts: Facts = { endpoint };
    const onDeadline = () => own.abort(failed('timeout', facts));
    const cancelHeadersDeadline = clock.after(headersDeadlineMs ?? defaultHeadersDeadlineMs, onDeadline);
    const cancelDeadline = clock.after(deadlineMs ?? defaultDeadlineMs, onDeadline);

    try {
      const exchange = this.exchange(url, headers, facts, own.signal, cancelHeadersDeadline);
      return await untilAborted(exchange, own.signal);
    } catch (error) {
      // Whatever fetch throws once a signal is aborted, the reason it was aborted for is what happened.
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
      throw failed('redirect', facts);
    }
    return { status: response.status, headers: response.headers, ...(await this.readBody(response, facts, url)) };
  }

  /** Reads a body to its end, of failed answers too: one that is neither read nor cancelled keeps its socket. */
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
      // What cannot be decompressed came all the same; asking again would give the same. Node's codes: of zlib, Brotli and Zstandard.
      throw /^(Z_|ERR__ERROR_|ZSTD_error_)/.test(failure.networkCode ?? '')
        ? failed('notJson', facts, error)
        : failed('network', { ...facts, ...failure }, error);
    }
    return { text: text + decoder.decode(), bytes };
  }
}

/** What is known of an answer so far. */
type Facts = Omit<Failure, 'reason'> & { status?: number; ray?: string | undefined; bytes?: number };

function failed(reason: FailureReason, facts: Omit<Failure, 'reason'>, cause?: unknown): CloudflareError {
  return new CloudflareError({ reason, ...facts }, { cause });
}
