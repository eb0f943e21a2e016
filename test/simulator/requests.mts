import type { IncomingMessage } from 'node:http';

/** What a test may ask about a request that came in. Secrets are not kept. */
export interface RecordedRequest {
  readonly method: string;
  /** Path as it stood in the request, still percent-encoded: `/client/v4/accounts`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The `page` of the query, if it is a number. */
  readonly page?: number;
  /** Names in lower case, in the order they were sent. */
  readonly headerNames: readonly string[];
  readonly scheme: 'bearer' | 'apiKey' | 'none';
  readonly userAgent?: string;
  /** When it came (Unix time in milliseconds, by the simulator's clock). */
  readonly receivedAt: number;
  /** Status of the answer; absent while there is none, or when the connection ended without one. */
  status?: number;
  /** Whether the connection closed before the answer was complete. */
  wasCutOff?: boolean;
}

export function recordRequest(incoming: IncomingMessage, receivedAt: number): RecordedRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  const page = query.get('page');
  const { authorization, 'x-auth-key': key, 'user-agent': userAgent } = incoming.headers;

  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query,
    ...(page !== null && /^\d+$/.test(page) ? { page: Number(page) } : {}),
    headerNames: incoming.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()),
    scheme: authorization !== undefined ? 'bearer' : key !== undefined ? 'apiKey' : 'none',
    ...(userAgent === undefined ? {} : { userAgent }),
    receivedAt,
  };
}
