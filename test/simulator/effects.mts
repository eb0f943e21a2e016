import { gzipSync } from 'node:zlib';
import { jsonHeaders, type Answer } from './envelope.mts';
import { tooManyRequests } from './rateLimits.mts';
import type { RecordedRequest } from './requests.mts';
import {
  drip,
  hang,
  pour,
  resetInBody,
  resetNow,
  sendInPieces,
  sendRaw,
  type Exchange,
  type RawAnswer,
} from './transport.mts';

/** Everything that can go wrong, with what each needs to know. */
export interface EffectParameters {
  /** This answer and no other. */
  fixed: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Uint8Array };
  /** The answer comes later. */
  delay: { readonly delayMs: number };
  /** The answer comes once a promise is resolved. */
  hold: { readonly until: Promise<unknown> };

  /** The connection is reset before a header is sent. */
  resetBeforeHeaders: object;
  /**
   * Headers and a part of the body (default 0.5), then the connection is reset: once they have arrived, where `arrival` of the request
   * says when that is, else after a pause (default 50).
   */
  resetInBody: {
    readonly afterMs?: number;
    readonly part?: number;
    readonly arrival?: (request: RecordedRequest) => Promise<unknown>;
  };
  /** Nothing is ever sent. */
  hang: object;
  /** Headers and the begin of the body, then nothing, for ever. */
  hangInBody: object;
  /** A body of which a few bytes come at a time, until the client hangs up. */
  endlessDrip: { readonly everyMs?: number };
  /** A body that comes as fast as it is read, until the client hangs up. */
  endlessBody: object;
  /** The whole answer, its body in some pieces with a pause before each. */
  slowBody: { readonly pieces: number; readonly everyMs: number };
  /** Bytes as they are given, whatever HTTP says of them. */
  raw: RawAnswer;
  /** `mebibytes` of spaces, gzipped to a thousandth. Default 64. */
  gzipBomb: { readonly mebibytes?: number };

  /** An HTML page of the edge: status 502, 520 to 526 … or, wrongly, 200. */
  htmlPage: { readonly status: number; readonly title?: string };
  redirect: { readonly status: 301 | 302 | 303 | 307 | 308; readonly location: string };
  /** 429. `retryAfter`: seconds, or the moment as an HTTP date, or any text; left out, there is no such header. */
  tooManyRequests: { readonly retryAfter?: number | Date | string; readonly headers?: Record<string, string> };

  /** The JSON ends in its middle, though the answer is complete by its headers. */
  truncatedJson: object;
  notJson: { readonly body?: string };
  /** Status 200 and `success: false`. */
  unsuccessful: { readonly code?: number; readonly message?: string; readonly status?: number };
  resultNull: object;
  /** A result that is no list: by default an object. */
  resultOfWrongType: { readonly result?: unknown };
  /** A result of arrays within arrays. */
  nested: { readonly depth: number };
  byteOrderMark: object;

  /** From page `page` on, that page comes again for ever. `result_info.page` says what was asked for. */
  repeatPage: { readonly page: number };
  /** Changes headers; `null` takes one away. */
  headers: { readonly headers: Readonly<Record<string, string | null>> };
  rewriteJson: { readonly rewrite: (json: unknown) => unknown };
  rewriteText: { readonly rewrite: (text: string) => string };
  rewriteBytes: { readonly rewrite: (bytes: Buffer) => Uint8Array };
}

export type Effect = {
  [Kind in keyof EffectParameters]: { readonly kind: Kind } & EffectParameters[Kind];
}[keyof EffectParameters];

/** An effect gives the answer to send, or `undefined` when it has dealt with the connection itself. */
type EffectFunction<Parameters> = (
  exchange: Exchange,
  answer: Answer,
  parameters: Parameters,
) => Answer | undefined | Promise<Answer | undefined>;

const effects: { readonly [Kind in keyof EffectParameters]: EffectFunction<EffectParameters[Kind]> } = {
  fixed: (_exchange, _answer, { status, headers = jsonHeaders, body = '' }) => ({ status, headers, body }),
  delay: async ({ wait }, answer, { delayMs }) => {
    await wait(delayMs);
    return answer;
  },
  hold: async (_exchange, answer, { until }) => {
    await until;
    return answer;
  },

  resetBeforeHeaders: resetNow,
  resetInBody: (exchange, answer, { afterMs = 50, part = 0.5, arrival }) =>
    resetInBody(exchange, answer, part, () => arrival?.(exchange.request) ?? exchange.wait(afterMs)),
  hang,
  hangInBody: (exchange, answer) => drip(exchange, answer, undefined),
  endlessDrip: (exchange, answer, { everyMs = 20 }) => drip(exchange, answer, everyMs),
  endlessBody: pour,
  slowBody: (exchange, answer, { pieces, everyMs }) => sendInPieces(exchange, answer, pieces, everyMs),
  raw: (exchange, _answer, raw) => sendRaw(exchange, raw),
  gzipBomb: (_exchange, _answer, { mebibytes = 64 }) => ({
    status: 200,
    headers: { ...jsonHeaders, 'content-encoding': 'gzip' },
    body: gzippedSpaces(mebibytes),
  }),

  htmlPage: (_exchange, _answer, { status, title = `${status}: Web server is returning an unknown error` }) => ({
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html lang="en-US"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  }),
  redirect: (_exchange, _answer, { status, location }) => ({ status, headers: { location }, body: '' }),
  tooManyRequests: (_exchange, _answer, { retryAfter, headers }) => {
    const answer = tooManyRequests(retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter?.toString());
    return { ...answer, headers: { ...answer.headers, ...headers } };
  },

  truncatedJson: (_exchange, answer) => withText(answer, (text) => text.slice(0, Math.floor(text.length / 2))),
  notJson: (_exchange, answer, { body = 'upstream connect error' }) => ({ ...answer, body }),
  unsuccessful: (_exchange, answer, { code = 1000, message = 'An unknown error occurred', status = 200 }) => ({
    ...answer,
    status,
    body: JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }),
  }),
  resultNull: (_exchange, answer) => withMember(answer, 'result', null),
  resultOfWrongType: (_exchange, answer, { result = { id: 'not a list' } }) => withMember(answer, 'result', result),
  nested: (_exchange, answer, { depth }) => ({
    ...answer,
    body: `{"success":true,"errors":[],"messages":[],"result":${'['.repeat(depth)}${']'.repeat(depth)}}`,
  }),
  byteOrderMark: (_exchange, answer) => withText(answer, (text) => `\uFEFF${text}`),

  repeatPage: ({ request, answerFor }, answer, { page }) => {
    const asked = request.page ?? 1;
    if (asked <= page) {
      return answer;
    }
    const query = new URLSearchParams(request.query);
    query.set('page', String(page));
    return withText(answerFor(query), (text) => text.replace(/("result_info":\{.*?"page":)\d+/, `$1${asked}`));
  },
  headers: (_exchange, answer, { headers: changes }) => {
    const headers = { ...answer.headers };
    for (const [name, value] of Object.entries(changes)) {
      // An empty text takes a header away; a header without a value means nothing to HTTP.
      headers[name.toLowerCase()] = value ?? '';
    }
    return { ...answer, headers };
  },
  rewriteJson: (_exchange, answer, { rewrite }) =>
    withText(answer, (text) => JSON.stringify(rewrite(JSON.parse(text)))),
  rewriteText: (_exchange, answer, { rewrite }) => withText(answer, rewrite),
  rewriteBytes: (_exchange, answer, { rewrite }) => ({ ...answer, body: rewrite(Buffer.from(answer.body)) }),
};

/** Lets an effect act on an answer. */
export async function applyEffect(exchange: Exchange, answer: Answer, effect: Effect): Promise<Answer | undefined> {
  const act = effects[effect.kind] as EffectFunction<Effect>;
  return act(exchange, answer, effect);
}

function withText(answer: Answer, change: (text: string) => string): Answer {
  return { ...answer, body: change(Buffer.from(answer.body).toString()) };
}

function withMember(answer: Answer, member: string, value: unknown): Answer {
  return withText(answer, (text) => JSON.stringify({ ...(JSON.parse(text) as object), [member]: value }));
}

/** A gzip stream may have many members; the same mebibyte again and again takes neither time nor memory to make. */
function gzippedSpaces(mebibytes: number): Uint8Array {
  const member = gzipSync(Buffer.alloc(1 << 20, ' '), { level: 9 });
  return Buffer.concat(Array.from({ length: mebibytes }, () => member));
}
