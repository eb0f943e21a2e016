import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { openEnvelope } from '../../src/cloudflare/envelope';
import { CloudflareError, type Failure } from '../../src/cloudflare/errors';
import { answer } from '../support/fakes';

const html = '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>';

function failure(text: string, status = 200, headers: Record<string, string> = {}): Failure {
  let caught: unknown;
  throws(
    () => openEnvelope(answer(text, { status, headers }), 'GET /x'),
    (error) => {
      caught = error;
      return error instanceof CloudflareError;
    },
  );
  ok(caught instanceof CloudflareError);
  equal(caught.failure.endpoint, 'GET /x');
  equal(caught.failure.status, status);
  return caught.failure;
}

function refusal(code?: unknown, message?: unknown): string {
  return JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null });
}

describe('openEnvelope', () => {
  it('returns a list with the position of each element', () => {
    const text = '{"success":true,"result":[ 1 , "b" ]}';
    const { envelope, elements, text: kept } = openEnvelope(answer(text), 'GET /x');
    deepEqual(envelope.result, [1, 'b']);
    deepEqual(
      elements.map(([start, end]) => text.slice(start, end)),
      ['1', '"b"'],
    );
    equal(kept, text);
  });

  it('returns a result that is null, missing or no list', () => {
    for (const result of ['null', '{}', '"x"', '0']) {
      const { envelope, elements } = openEnvelope(answer(`{"success":true,"result":${result}}`), 'GET /x');
      deepEqual(JSON.stringify(envelope.result), result);
      deepEqual(elements, []);
    }
    equal(openEnvelope(answer('{"success":true}'), 'GET /x').envelope.result, undefined);
  });

  it('throws for success: false, whatever the status', () => {
    const { reason, code, apiMessage } = failure(refusal(7003, 'No route'), 200);
    deepEqual([reason, code, apiMessage], ['refused', 7003, 'No route']);
  });

  it('throws for an error status, whatever the envelope', () => {
    equal(failure('{"success":true,"result":[]}', 403).reason, 'forbidden');
    equal(failure('{"success":true,"result":[]}', 500).reason, 'server');
  });

  const reasons: [status: number, code: number | undefined, reason: string][] = [
    [400, undefined, 'refused'],
    [400, 7003, 'refused'],
    [400, 6003, 'unauthorized'],
    [400, 6111, 'unauthorized'],
    [400, 1001, 'unauthorized'],
    [401, 10_000, 'unauthorized'],
    [403, 9103, 'unauthorized'],
    [403, 9109, 'forbidden'],
    [403, 10_000, 'forbidden'],
    [404, 7003, 'notFound'],
    [405, undefined, 'refused'],
    [429, 971, 'rateLimited'],
    [500, undefined, 'server'],
    [502, undefined, 'server'],
    [520, 1001, 'server'],
    [599, undefined, 'server'],
  ];
  for (const [status, code, reason] of reasons) {
    it(`throws ${reason} for an envelope with status ${status} and code ${code ?? 'none'}`, () => {
      equal(failure(refusal(code), status).reason, reason);
    });
  }

  it('throws edge for an HTML page with any status', () => {
    for (const status of [200, 403, 429, 502, 521]) {
      equal(failure(html, status).reason, 'edge');
      equal(failure(`\r\n  ${html}`, status).reason, 'edge');
    }
  });

  it('throws edge for an error status without an envelope', () => {
    for (const text of ['', 'error code: 1020', 'upstream connect error']) {
      equal(failure(text, 502).reason, 'edge');
    }
  });

  it('throws notJson for a success status without JSON', () => {
    for (const text of [
      '',
      ' ',
      'ok',
      '{"success":true,"result":[1,',
      '{"success":true}}',
      "{'success':true}",
      '{"success":true,}',
      '\0',
    ]) {
      equal(failure(text).reason, 'notJson', JSON.stringify(text));
    }
  });

  it('throws unexpectedShape for JSON that is no envelope', () => {
    for (const text of [
      'null',
      '[]',
      '"x"',
      '1',
      '{}',
      '{"result":[]}',
      '{"success":"true"}',
      '{"__proto__":{"success":true}}',
    ]) {
      equal(failure(text).reason, 'unexpectedShape', text);
    }
    equal(failure('{"message":"gone"}', 404).reason, 'notFound');
  });

  it('does not take a 401 or 403 without an envelope for a refusal of the credential', () => {
    for (const text of ['{"error":"unauthorized"}', '{"success":"no"}', '[]', 'null']) {
      equal(failure(text, 401).reason, 'edge', text);
      equal(failure(text, 403).reason, 'edge', text);
    }
  });

  it('reads Retry-After in seconds, and as a date that is compared with the header Date', () => {
    const after = (retryAfter?: string) =>
      failure(refusal(7000), 503, {
        date: 'Tue, 24 Nov 2026 10:00:00 GMT',
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
      }).retryAfterSeconds;
    deepEqual(
      [after('9'), after('Tue, 24 Nov 2026 10:00:42 GMT'), after('9'.repeat(30)), after('soon'), after()],
      [9, 42, undefined, undefined, undefined],
    );
  });

  it('throws tooDeep before the body is parsed', () => {
    equal(failure(`{"success":true,"result":${'['.repeat(1_000_000)}`).reason, 'tooDeep');
    equal(failure(`{"success":true,"x":${'['.repeat(64)}${']'.repeat(64)}}`).reason, 'tooDeep');
  });

  it('has the first error only, without malformed fields', () => {
    const text = JSON.stringify({
      success: false,
      errors: [
        { code: 'x', message: 'first', documentation_url: 'https://example.com' },
        { code: 2, message: 'second' },
      ],
    });
    const { code, apiMessage, documentationUrl } = failure(text, 400);
    deepEqual([code, apiMessage, documentationUrl], [undefined, 'first', 'https://example.com']);
    for (const errors of [null, [], 'x', [null], {}]) {
      equal(failure(JSON.stringify({ success: false, errors }), 400).apiMessage, undefined);
    }
  });

  it('has the ray, and Retry-After in seconds', () => {
    const { ray, retryAfterSeconds } = failure(refusal(1), 429, { 'cf-ray': 'abc-FRA', 'retry-after': '300' });
    deepEqual([ray, retryAfterSeconds], ['abc-FRA', 300]);
    equal(failure(html, 503, { 'retry-after': '7' }).retryAfterSeconds, 7);
    equal(failure(refusal(1), 429, { 'retry-after': '0' }).retryAfterSeconds, 0);
  });

  it('ignores a malformed Retry-After', () => {
    for (const odd of ['', '-1', '1e3', '0x10', 'soon', '99999999999999999999', '1, 2']) {
      equal(failure(refusal(1), 429, { 'retry-after': odd }).retryAfterSeconds, undefined, odd);
    }
  });

  it('has nothing of the response but numbers in the message of the error', () => {
    throws(
      () => openEnvelope(answer(refusal(1234, 'secret\u202E'), { status: 400 }), 'GET /x'),
      (error) => error instanceof CloudflareError && error.message === 'GET /x: refused (status 400, code 1234)',
    );
  });
});
