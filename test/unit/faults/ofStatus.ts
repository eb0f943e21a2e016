import { refusal } from '../../support/refusal';
import type { Gives, NamedFault } from './types';

const jsonHeaders = { 'content-type': 'application/json' };
/** Four attempts with pauses of 0.5, 1 and 2 seconds. */
const repeated = { sent: 4, waitedMs: 3500 } as const;

/** An error envelope that asking again does not help against. */
function final(status: number, code: number, outcome: Gives['outcome'], what = ''): NamedFault {
  const name = `status ${status}, code ${code}${what}`;
  return { name, effect: refusal(status, code), gives: { outcome, sent: 1, status, code } };
}

function html(status: number, gives: Partial<Gives>): NamedFault {
  return {
    name: `a page of the edge with status ${status}`,
    effect: { kind: 'htmlPage', status },
    gives: { outcome: 'edge', sent: 1, status, ...gives },
  };
}

const serverStatuses = [500, 501, 502, 503, 504];
const edgeStatuses = [502, 520, 521, 522, 523, 524, 525, 526, 530];

/** An answer that says no, in the ways of the API, of its edge and of what stands in between. */
export const statusFaults: readonly NamedFault[] = [
  ...serverStatuses.map((status) => ({
    name: `status ${status} for ever`,
    effect: refusal(status, 7000),
    gives: { outcome: 'server', status, code: 7000, ...repeated } as const,
  })),
  { name: 'status 500 once', effect: refusal(500, 7000), times: 1, gives: { outcome: 'ok', sent: 2, waitedMs: 500 } },
  {
    name: 'status 502 twice',
    effect: refusal(502, 7000),
    times: 2,
    gives: { outcome: 'ok', sent: 3, waitedMs: 1500 },
    // Two of the three requests are struck, side by side.
    at: { search: { waitedMs: 500 } },
  },
  {
    name: 'status 503 three times',
    effect: refusal(503, 7000),
    times: 3,
    gives: { outcome: 'ok', sent: 4, waitedMs: 3500 },
    at: { search: { waitedMs: 1500 } },
  },
  {
    name: 'status 503 with Retry-After in seconds',
    effect: refusal(503, 7000, { 'retry-after': '9' }),
    times: 1,
    gives: { outcome: 'ok', sent: 2, waitedMs: 9000 },
  },
  {
    name: 'status 503 with Retry-After as a date',
    effect: refusal(503, 7000, {
      date: 'Tue, 24 Nov 2026 10:00:00 GMT',
      'retry-after': 'Tue, 24 Nov 2026 10:00:09 GMT',
    }),
    times: 1,
    gives: { outcome: 'ok', sent: 2, waitedMs: 9000 },
  },
  {
    name: 'status 503 with Retry-After of a million years',
    effect: refusal(503, 7000, { 'retry-after': '31536000000000' }),
    gives: { outcome: 'server', status: 503, code: 7000 },
  },
  { name: 'status 408 once', effect: refusal(408, 7000), times: 1, gives: { outcome: 'ok', sent: 2, waitedMs: 500 } },
  {
    name: 'status 408 for ever',
    effect: refusal(408, 7000),
    gives: { outcome: 'refused', status: 408, code: 7000, ...repeated },
  },
  {
    name: 'status 502 without a body',
    effect: { kind: 'fixed', status: 502 },
    gives: { outcome: 'edge', status: 502, ...repeated },
  },
  ...edgeStatuses.map((status) => html(status, repeated)),
  html(200, repeated),
  { ...html(403, {}), name: 'a page of the edge that blocks (error 1020)' },
  html(404, {}),
  html(409, {}),
  {
    name: 'a page under the name of JSON',
    effect: { kind: 'fixed', status: 200, headers: jsonHeaders, body: '<html><body>Sign in</body></html>' },
    gives: { outcome: 'edge', sent: 1, status: 200 },
  },
  {
    name: 'a sign-in page that echoes the credential',
    effect: ({ secret }) => ({ kind: 'htmlPage', status: 403, title: secret }),
    gives: { outcome: 'edge', sent: 1, status: 403 },
  },

  ...[401, 403].map((status) => ({
    name: `status ${status} with the JSON of a gateway`,
    effect: { kind: 'fixed', status, headers: jsonHeaders, body: '{"error":"unauthorized"}' } as const,
    gives: { outcome: 'edge', sent: 1, status } as const,
  })),
  final(401, 10000, 'refused'),
  final(403, 10000, 'forbidden', ' (no longer good, or a permission is missing)'),
  final(403, 9109, 'forbidden', ' (out of reach)'),
  final(404, 12135, 'notFound'),
  final(400, 12130, 'refused', ' (a filter is refused)'),
  final(400, 6003, 'refused'),
  final(400, 1001, 'refused'),
  final(405, 7001, 'refused'),
  final(409, 7000, 'refused'),
  final(410, 7000, 'refused'),
  final(451, 7000, 'refused'),
  {
    name: 'status 599',
    effect: refusal(599, 7000),
    gives: { outcome: 'server', status: 599, code: 7000, ...repeated },
  },
  {
    name: 'an error that repeats the credential',
    effect: ({ secret }) => ({
      kind: 'unsuccessful',
      status: 400,
      code: 6003,
      message: `Bad header: Bearer ${secret}`,
    }),
    gives: { outcome: 'refused', sent: 1, status: 400, code: 6003 },
  },
  {
    name: 'an error that repeats the key',
    effect: ({ secret }) => ({
      kind: 'unsuccessful',
      status: 403,
      code: 9103,
      message: `Unknown X-Auth-Key ${secret}`,
    }),
    scheme: 'key',
    gives: { outcome: 'unauthorized', sent: 1, status: 403, code: 9103 },
  },
  {
    name: 'a cf-ray that repeats the credential',
    effect: ({ secret }) => ({ kind: 'fixed', status: 404, headers: { 'cf-ray': secret }, body: '{}' }),
    gives: { outcome: 'notFound', sent: 1, status: 404, ray: false },
  },
];
