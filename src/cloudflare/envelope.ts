import * as v from 'valibot';
import { CloudflareError, type Failure, type FailureReason, reasonForStatus } from './errors';
import { JsonTooDeepError, scanEnvelope, type Span } from './json';
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
    if (error instanceof JsonTooDeepError) {
      throw fail('tooDeep');
    }
    // An error status without an envelope comes from Cloudflare's edge, or from a proxy on the way.
    const isPage = /^\s*</.test(answer.text);
    throw fail(isPage || answer.status >= 400 ? 'edge' : 'notJson');
  }

  const parsed = v.safeParse(envelope, json);
  if (!parsed.success) {
    throw fail(answer.status >= 400 ? reasonForStatus(answer.status, undefined) : 'unexpectedShape');
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

/** Seconds to wait, from `Retry-After` as a number; the form with a date is not used by Cloudflare's API. */
function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  return value !== null && /^\d{1,6}$/.test(value.trim()) ? Number(value) : undefined;
}
