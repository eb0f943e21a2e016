import { deepEqual, equal, rejects } from 'node:assert/strict';
import { CloudflareError } from '../../src/cloudflare/errors';
import { isLasting, networkFailure, type NetworkProblem } from '../../src/cloudflare/networkProblem';
import { isRetryable } from '../../src/cloudflare/retries';
import { type Fetch, Transport } from '../../src/cloudflare/transport';

const url = new URL('https://api.example.com/client/v4/accounts');

/** An error as `fetch` throws it. */
function thrown(details: object, message = ''): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), details) });
}

describe('networkFailure', () => {
  const byCode: [NetworkProblem, string[]][] = [
    [
      'untrustedCertificate',
      [
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'UNABLE_TO_GET_ISSUER_CERT',
        'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        'SELF_SIGNED_CERT_IN_CHAIN',
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'CERT_UNTRUSTED',
        'CERT_SIGNATURE_FAILURE',
        'CERT_REVOKED',
        'INVALID_CA',
      ],
    ],
    ['expiredCertificate', ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']],
    ['wrongHost', ['ERR_TLS_CERT_ALTNAME_INVALID']],
    ['unknownHost', ['ENOTFOUND', 'EAI_AGAIN']],
    ['offline', ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT']],
    ['other', ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_ABORTED', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER']],
  ];
  for (const [networkProblem, codes] of byCode) {
    it(`recognises the codes of ${networkProblem}`, () => {
      for (const code of codes) {
        deepEqual(networkFailure(thrown({ code }), url), { networkProblem, networkCode: code });
      }
    });
  }

  it('distinguishes the proxy from the API by its port or its name', () => {
    const problem = (details: object) => networkFailure(thrown(details), url).networkProblem;
    equal(problem({ code: 'ECONNREFUSED', address: '10.0.0.1', port: 3128 }), 'proxyUnreachable');
    equal(problem({ code: 'ECONNREFUSED', address: '10.0.0.1', port: 443 }), 'offline');
    equal(problem({ code: 'ENOTFOUND', hostname: 'proxy.example.com' }), 'proxyUnreachable');
    equal(problem({ code: 'ENOTFOUND', hostname: 'api.example.com' }), 'unknownHost');
    equal(problem({ code: 'CERT_HAS_EXPIRED', port: 3128 }), 'expiredCertificate');
  });

  it('takes the port from the URL, or from its scheme', () => {
    const refused = (port: number) => thrown({ code: 'ECONNREFUSED', port });
    const problem = (port: number, address: string) => networkFailure(refused(port), new URL(address)).networkProblem;
    equal(problem(8787, 'http://127.0.0.1:8787/'), 'offline');
    equal(problem(80, 'http://localhost/'), 'offline');
    equal(problem(443, 'http://localhost/'), 'proxyUnreachable');
  });

  it('looks into an AggregateError of several addresses', () => {
    const one = (address: string) => Object.assign(new Error(), { code: 'ECONNREFUSED', address, port: 3128 });
    const error = Object.assign(new AggregateError([one('::1'), one('127.0.0.1')]), { code: 'ECONNREFUSED' });
    deepEqual(networkFailure(new TypeError('fetch failed', { cause: error }), url), {
      networkProblem: 'proxyUnreachable',
      networkCode: 'ECONNREFUSED',
    });
  });

  it('reads the status of a proxy from the messages of undici and of VS Code', () => {
    const answered = (message: string) =>
      networkFailure(
        new TypeError('fetch failed', {
          cause: new DOMException('Request was cancelled.', {
            name: 'AbortError',
            cause: Object.assign(new Error(message), { code: 'UND_ERR_ABORTED' }),
          }),
        }),
        url,
      );
    const password = { networkProblem: 'proxyPassword', networkCode: 'HTTP 407' };
    deepEqual(answered('Proxy response (407) ?.== 200 when HTTP Tunneling'), password);
    deepEqual(answered('Proxy response (407) !== 200 when HTTP Tunneling'), password);
    deepEqual(answered('Proxy response (403) !== 200 when HTTP Tunneling'), {
      networkProblem: 'proxyRefused',
      networkCode: 'HTTP 403',
    });
  });

  it('accepts any value that is thrown', () => {
    const circle = new Error('round');
    circle.cause = circle;
    for (const error of [undefined, null, 'text', 1, {}, new Error('plain'), circle, thrown({ code: 23 })]) {
      deepEqual(networkFailure(error, url), { networkProblem: 'other', networkCode: undefined });
    }
  });

  it('is in the error that the transport throws', async () => {
    const fetch: Fetch = () => Promise.reject(thrown({ code: 'CERT_HAS_EXPIRED' }));
    const transport = new Transport({ fetch, dispatcher: () => Promise.resolve(undefined) });
    await rejects(transport.get(url, {}, 'GET /x', undefined), (error) => {
      return error instanceof CloudflareError && error.failure.networkProblem === 'expiredCertificate';
    });
  });
});

describe('isLasting', () => {
  it('is true for certificates and for proxies that refuse, so that there is no retry', () => {
    const problems: NetworkProblem[] = [
      'untrustedCertificate',
      'expiredCertificate',
      'wrongHost',
      'proxyUnreachable',
      'proxyRefused',
      'proxyPassword',
      'unknownHost',
      'offline',
      'other',
    ];
    const repeated = problems.filter((networkProblem) =>
      isRetryable({ error: new CloudflareError({ reason: 'network', endpoint: 'GET /x', networkProblem }) }),
    );
    deepEqual(repeated, ['proxyUnreachable', 'unknownHost', 'offline', 'other']);
    equal(isLasting(undefined), false);
  });
});
