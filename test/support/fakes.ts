import { setImmediate } from 'node:timers/promises';
import { CloudflareClient } from '../../src/cloudflare/client';
import { systemClock, untilAborted } from '../../src/cloudflare/clock';
import type { Credential } from '../../src/cloudflare/credential';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import type { Answer } from '../../src/cloudflare/request';
import { Sender } from '../../src/cloudflare/sender';
import { type Fetch, Transport } from '../../src/cloudflare/transport';

/** Only `fetch` is faked, so that tests run all of the real code. */
export interface FakeRequest {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

export type Respond = (request: FakeRequest) => Response | Promise<Response>;

export const baseUrl = 'https://api.test/client/v4';
export const credential: Credential = { scheme: 'token', token: 'the-token' };
export const authorization = { credential, origin: new URL(baseUrl).origin };
export const reference = { accountId: 'acc', identityProviderId: 'idp' };

/** A `fetch` whose responses come from `respond`, which may be replaced. It is aborted by its signal, as the real one is. */
export class FakeFetch {
  readonly requests: FakeRequest[] = [];
  mostInFlight = 0;
  private inFlight = 0;

  constructor(public respond: Respond) {}

  readonly fetch: Fetch = async (url, { headers, signal }) => {
    signal.throwIfAborted();
    const request = { url: new URL(url), headers, signal };
    this.requests.push(request);
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      return await untilAborted(Promise.resolve(this.respond(request)), signal);
    } finally {
      this.inFlight--;
    }
  };

  /** The requests so far: path below the base URL, and query. */
  get asked(): string[] {
    return this.requests.map(({ url }) => url.pathname.replace('/client/v4', '') + url.search);
  }

  transport(): Transport {
    return new Transport({ fetch: this.fetch, dispatcher: () => Promise.resolve(undefined) });
  }

  sender(base: () => URL = () => new URL(baseUrl)): Sender {
    return new Sender(this.transport(), base, { maxRetries: 0 });
  }

  client(base: () => URL = () => new URL(baseUrl)): CloudflareClient {
    return new CloudflareClient({
      fetch: this.fetch,
      isAgentLeftOut: () => true,
      baseUrl: base,
      reservedPercent: () => undefined,
      clock: systemClock,
      random: Math.random,
    });
  }

  api(as: Credential = credential): CloudflareApi {
    return new CloudflareApi(this.sender(), { ...authorization, credential: as });
  }
}

/** Rejects with any value, as foreign code may. */
export function rejection(reason: unknown): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  reject(reason);
  return promise;
}

/** Resolves once pending promises and their continuations have run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await setImmediate();
  }
}

/** The unhandled rejections while `work` runs, which mocha ignores. */
export async function unhandledRejections(work: () => Promise<void>): Promise<unknown[]> {
  const reasons = new Set<unknown>();
  const note = (reason: unknown) => reasons.add(reason);
  process.on('unhandledRejection', note);
  try {
    await work();
    await settled();
  } finally {
    process.off('unhandledRejection', note);
  }
  return [...reasons];
}

export function answer(
  text: string,
  { status = 200, headers = {} }: { status?: number; headers?: object } = {},
): Answer {
  return { status, headers: new Headers({ ...headers }), text, bytes: Buffer.byteLength(text) };
}

/** The envelope of a list, as JSON. */
export function listText(result: readonly unknown[], resultInfo?: object): string {
  return JSON.stringify({ success: true, errors: [], messages: [], result, result_info: resultInfo });
}

export function listResponse(result: readonly unknown[], resultInfo?: object): Response {
  return new Response(listText(result, resultInfo));
}

export function errorResponse(status: number, code = 10_000, message = 'Refused'): Response {
  return new Response(JSON.stringify({ success: false, errors: [{ code, message }], result: null }), { status });
}

/** SCIM users as the API sends them, numbered from `first`. */
export function scimUsers(count: number, first = 1): { id: string; displayName: string }[] {
  return Array.from({ length: count }, (_, i) => ({ id: `id-${first + i}`, displayName: `User ${first + i}` }));
}

/** Pseudo-random numbers in [0, 1), equal for equal seeds. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: () => number, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) {
    throw new RangeError('Nothing to choose from');
  }
  return choice;
}
