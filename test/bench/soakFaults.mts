// The faults of the soak, mixed: what each does to the share of requests that it strikes.
import type { Fault } from '../simulator/simulator.mts';

const effects: readonly Fault['effect'][] = [
  { kind: 'resetBeforeHeaders' },
  { kind: 'resetInBody', afterMs: 2 },
  { kind: 'raw', bytes: '' },
  { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"success":true' },
  { kind: 'raw', bytes: 'HTTP/9.9 abc\r\n\r\n' },
  { kind: 'hang' },
  { kind: 'hangInBody' },
  { kind: 'endlessDrip', everyMs: 20 },
  { kind: 'endlessBody' },
  { kind: 'gzipBomb', mebibytes: 4 },
  { kind: 'delay', delayMs: 30 },
  { kind: 'slowBody', pieces: 3, everyMs: 5 },
  { kind: 'htmlPage', status: 200 },
  { kind: 'htmlPage', status: 502 },
  { kind: 'htmlPage', status: 520 },
  { kind: 'htmlPage', status: 403 },
  { kind: 'redirect', status: 302, location: 'http://127.0.0.1:9/' },
  { kind: 'tooManyRequests', retryAfter: 1 },
  { kind: 'tooManyRequests' },
  { kind: 'unsuccessful' },
  { kind: 'unsuccessful', status: 500 },
  { kind: 'unsuccessful', status: 503 },
  { kind: 'unsuccessful', status: 408 },
  { kind: 'unsuccessful', status: 404, code: 7003 },
  { kind: 'truncatedJson' },
  { kind: 'notJson' },
  { kind: 'resultNull' },
  { kind: 'resultOfWrongType' },
  { kind: 'nested', depth: 20_000 },
  { kind: 'byteOrderMark' },
  { kind: 'headers', headers: { ratelimit: '"default;', 'ratelimit-policy': '=' } },
];

/** All effects, each on an equal part of the share of requests. */
export function soakFaults(share: number): Fault[] {
  return effects.map((effect) => ({ when: { share: share / effects.length }, effect }));
}
