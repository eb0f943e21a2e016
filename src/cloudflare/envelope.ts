import * as v from 'valibot';
import { CloudflareError, type Failure, type FailureReason, unknownKeyCode } from './errors';
import { JsonLimitError, scanEnvelope, type Span } from './json';
import { ListPage, pageSize } from './pages';
import { retryAfterMs } from './rateLimitHeaders';
import type { Answer } from './request';
import { type Envelope, envelope } from './schemas';

/** An envelope with `success: true`, and its raw JSON. */
interface OpenedEnvelope {
  readonly envelope: Envelope;
  readonly text: string;
  /** The positions in `text` of the elements of `result`, if that is an array. */
  readonly elements: readonly Span[];
}

/** Reads a response as Cloudflare's envelope. Throws CloudflareError for an error envelope and for any other response. */
export function openEnvelope(answer: Answer, endpoint: string): OpenedEnvelope {
  const fail = (reason: FailureReason, more?: Partial<Failure>) =>
    new CloudflareError({
      reason,
      endpoint,
      status: answer.status,
      ray: answer.headers.get('cf-ray') ?? undefined,
      retryAfterSeconds: retryAfterSeconds(answer.headers),
      ...more,
    });

  let elements: readonly Span[];
  let json: unknown;
  try {
    elements = scanEnvelope(answer.text);
    json = JSON.parse(answer.text);
  } catch (error) {
    if (error instanceof JsonLimitError) {
      throw fail(error.limit);
    }
    // An error status without an envelope is from Cloudflare's edge or a proxy.
    const isPage = /^\s*</.test(answer.text);
    throw fail(isPage || answer.status >= 400 ? 'edge' : 'notJson');
  }

  const parsed = v.safeParse(envelope, json);
  if (!parsed.success) {
    const reason = answer.status >= 400 ? reasonOf(answer.status) : 'unexpectedShape';
    // The API refuses a credential in an envelope. A gateway that answers 401 or 403 says nothing about it.
    throw fail(reason === 'unauthorized' || reason === 'forbidden' ? 'edge' : reason);
  }
  const { success, errors } = parsed.output;
  if (!success || answer.status >= 400) {
    const [first] = errors;
    throw fail(reasonOf(answer.status, first?.code, first?.message), {
      code: first?.code,
      apiMessage: first?.message,
      causes: first?.error_chain.map(({ code, message }) => ({ code, message })),
      documentationUrl: first?.documentation_url,
    });
  }
  return { envelope: parsed.output, text: answer.text, elements };
}

/**
 * The failure that an error response stands for. Code and message of its first error decide before the status, since Cloudflare uses one
 * status for several causes [public reports].
 */
function reasonOf(status: number, code?: number, message = ''): FailureReason {
  if (status >= 400 && status < 500 && /\bfrom location\b/i.test(message)) {
    return 'location';
  }
  if (status >= 400 && status < 500 && /\bnot_enabled\b/i.test(message)) {
    return 'notEnabled';
  }
  if (
    status === 401 ||
    (status === 400 && (code === 6003 || code === 6111 || code === 1001)) ||
    (status === 403 && code === unknownKeyCode)
  ) {
    return 'unauthorized';
  }
  if (status === 403) {
    return 'forbidden';
  }
  if (status === 404) {
    return 'notFound';
  }
  if (status === 429) {
    return 'rateLimited';
  }
  return status >= 500 ? 'server' : 'refused';
}

/** Seconds to wait by `Retry-After`; undefined for a value that is too large to be meant. */
function retryAfterSeconds(headers: Headers): number | undefined {
  const seconds = Math.ceil((retryAfterMs(headers) ?? Infinity) / 1000);
  return seconds < 1_000_000 ? seconds : undefined;
}

/** Reads a response as page `number` of a list. Throws CloudflareError. @param element The schema of an element. */
export function readPage<T>(
  answer: Answer,
  endpoint: string,
  number: number,
  element: v.GenericSchema<unknown, T>,
): ListPage<T> {
  const { envelope, text, elements } = openEnvelope(answer, endpoint);
  // If scan and parser ever disagreed about the elements, a user might be shown with the JSON of another one.
  const unexpected = () => {
    const ray = answer.headers.get('cf-ray') ?? undefined;
    return new CloudflareError({ reason: 'unexpectedShape', endpoint, status: answer.status, ray });
  };
  const isNull = envelope.result === null;
  const result = isNull ? [] : envelope.result;
  if (!Array.isArray(result) || result.length !== elements.length) {
    throw unexpected();
  }
  const items = result.map((item: unknown) => v.parse(element, item));
  const { per_page = pageSize, total_count } = envelope.result_info;
  const nullError = isNull ? unexpected() : undefined;
  return new ListPage(number, items, text, elements, per_page, total_count, parserOf(element), nullError);
}

/** The result of a response that is one object. Throws CloudflareError. */
export function readResult<T>(answer: Answer, endpoint: string, schema: v.GenericSchema<unknown, T>): T {
  const { envelope } = openEnvelope(answer, endpoint);
  const parsed = v.safeParse(schema, envelope.result);
  if (!parsed.success) {
    throw new CloudflareError({ reason: 'unexpectedShape', endpoint, status: answer.status });
  }
  return parsed.output;
}

/** A function of its own, so that the closure does not keep a page in memory. */
function parserOf<T>(element: v.GenericSchema<unknown, T>): (rawText: string) => T {
  return (rawText) => v.parse(element, JSON.parse(rawText));
}
