import * as v from 'valibot';
import { CloudflareError, type Failure, type FailureReason, reasonForStatus } from './errors';
import { JsonLimitError, scanEnvelope, type Span } from './json';
import { retryAfterMs } from './retryAfter';
import { type Envelope, envelope } from './schemas';
import type { Answer } from './transport';

/** An answer that says `success: true`, with the text it came as. */
export interface OpenedEnvelope {
  readonly envelope: Envelope;
  readonly text: string;
  /** Where each element of `result` stands in `text`, where `result` is an array. */
  readonly elements: readonly Span[];
}

/** Reads an answer as Cloudflare's envelope; throws CloudflareError for everything else that may have come. */
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
    // An error status without an envelope comes from Cloudflare's edge, or from a proxy on the way.
    const isPage = /^\s*</.test(answer.text);
    throw fail(isPage || answer.status >= 400 ? 'edge' : 'notJson');
  }

  const parsed = v.safeParse(envelope, json);
  if (!parsed.success) {
    const reason = answer.status >= 400 ? reasonForStatus(answer.status, undefined) : 'unexpectedShape';
    // The API says in an envelope that it refuses; a gateway on the way says nothing of the credential.
    throw fail(reason === 'unauthorized' || reason === 'forbidden' ? 'edge' : reason);
  }
  const { success, errors } = parsed.output;
  if (!success || answer.status >= 400) {
    const [first] = errors;
    throw fail(reasonForStatus(answer.status, first?.code), {
      code: first?.code,
      apiMessage: first?.message,
      documentationUrl: first?.documentation_url,
    });
  }
  return { envelope: parsed.output, text: answer.text, elements };
}

/** Seconds to wait, from `Retry-After`; more than anybody waits says nothing. */
function retryAfterSeconds(headers: Headers): number | undefined {
  const seconds = Math.ceil((retryAfterMs(headers) ?? Infinity) / 1000);
  return seconds < 1_000_000 ? seconds : undefined;
}
