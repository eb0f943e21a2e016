import { equal, ok, throws } from 'node:assert/strict';
import { type BaseUrlProblem, InvalidBaseUrlError, parseBaseUrl } from '../../src/cloudflare/baseUrl';

describe('parseBaseUrl', () => {
  const accepted: [value: string, href: string][] = [
    ['https://api.cloudflare.com/client/v4', 'https://api.cloudflare.com/client/v4'],
    ['  https://api.cloudflare.com/client/v4  ', 'https://api.cloudflare.com/client/v4'],
    ['https://api.cloudflare.com/client/v4/', 'https://api.cloudflare.com/client/v4'],
    ['https://api.cloudflare.com/client/v4///', 'https://api.cloudflare.com/client/v4'],
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://Example.COM/Path', 'https://example.com/Path'],
    ['https://example.com:8443/x', 'https://example.com:8443/x'],
    ['https://localhost.evil.com', 'https://localhost.evil.com/'],
    ['https://[2001:db8::1]/x', 'https://[2001:db8::1]/x'],
    ['http://127.0.0.1:8080/client/v4', 'http://127.0.0.1:8080/client/v4'],
    ['HTTP://LOCALHOST:1/x', 'http://localhost:1/x'],
    ['http://[::1]:1', 'http://[::1]:1/'],
    ['http://[0:0:0:0:0:0:0:1]/', 'http://[::1]/'],
    // Other spellings of 127.0.0.1, which `URL` normalises.
    ['http://0x7f.1', 'http://127.0.0.1/'],
    ['http://127.1', 'http://127.0.0.1/'],
    ['http://2130706433', 'http://127.0.0.1/'],
    ['http://0177.0.0.1', 'http://127.0.0.1/'],
    ['http://127。0。0。1', 'http://127.0.0.1/'],
    ['http://１２７.0.0.1', 'http://127.0.0.1/'],
  ];
  for (const [value, href] of accepted) {
    it(`reads ${JSON.stringify(value)} as ${href}`, () => equal(parseBaseUrl(value).href, href));
  }

  const refused: [value: string, problem: BaseUrlProblem][] = [
    ['', 'notAUrl'],
    ['api.cloudflare.com', 'notAUrl'],
    ['https://', 'notAUrl'],
    ['//api.cloudflare.com', 'notAUrl'],
    ['https://exa mple.com', 'notAUrl'],
    ['https://[::1', 'notAUrl'],
    ['http://api.cloudflare.com', 'notHttps'],
    ['ftp://127.0.0.1', 'notHttps'],
    ['file:///etc/passwd', 'notHttps'],
    ['javascript:alert(1)', 'notHttps'],
    ['blob:https://api.cloudflare.com/x', 'notHttps'],
    ['localhost:8080', 'notHttps'],
    ['http://localhost.evil.com', 'notHttps'],
    ['http://evil-localhost', 'notHttps'],
    ['http://sub.localhost', 'notHttps'],
    ['http://localhost.', 'notHttps'],
    ['http://127.0.0.1.evil.com', 'notHttps'],
    ['http://127.0.0.1.evil.com:127', 'notHttps'],
    ['http://evil.com/127.0.0.1', 'notHttps'],
    ['http://evil.com\\@127.0.0.1', 'notHttps'],
    ['http:\\\\evil.com', 'notHttps'],
    ['http://127.0.0.2', 'notHttps'],
    ['http://127.255.255.254', 'notHttps'],
    ['http://128.0.0.1', 'notHttps'],
    ['http://0.0.0.0', 'notHttps'],
    ['http://0x7e.1', 'notHttps'],
    ['http://10.0.0.1', 'notHttps'],
    ['http://169.254.169.254', 'notHttps'],
    ['http://[::ffff:127.0.0.1]', 'notHttps'],
    ['http://[::]', 'notHttps'],
    ['http://[::2]', 'notHttps'],
    ['http://localhost@evil.com', 'notHttps'],
    ['http://127.0.0.1:80@evil.com', 'notHttps'],
    ['https://user@example.com', 'hasUserInfo'],
    ['https://user:secret@example.com', 'hasUserInfo'],
    ['https://:secret@example.com', 'hasUserInfo'],
    ['https://api.cloudflare.com:@evil.com', 'hasUserInfo'],
    ['http://evil.com@127.0.0.1', 'hasUserInfo'],
    ['https://example.com/?x=1', 'hasQuery'],
    ['https://example.com/?', 'hasQuery'],
    ['https://example.com?', 'hasQuery'],
    ['https://example.com/#x', 'hasFragment'],
    ['https://example.com/#', 'hasFragment'],
    ['https://example.com#', 'hasFragment'],
  ];
  for (const [value, problem] of refused) {
    it(`refuses ${JSON.stringify(value)}: ${problem}`, () => {
      throws(
        () => parseBaseUrl(value),
        (error) => error instanceof InvalidBaseUrlError && error.problem === problem && error.value === value,
      );
    });
  }

  it('throws InvalidBaseUrlError for a setting that is no string', () => {
    for (const value of [undefined, null, 7, true, [], ['https://api.test'], { href: 'https://api.test' }]) {
      throws(
        () => parseBaseUrl(value),
        (error) => error instanceof InvalidBaseUrlError && error.problem === 'notAUrl',
      );
    }
  });

  it('has no part of the value in the message of the error, since it may hold a secret', () => {
    throws(
      () => parseBaseUrl('https://user:hunter2@example.com'),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
    );
  });

  it('accepts a trailing dot of an IP address only for the loopback address', () => {
    for (const value of ['http://127.0.0.1.', 'http://127.0.0.1./x']) {
      equal(parseBaseUrl(value).hostname, '127.0.0.1');
    }
  });

  it('refuses a host that is hidden behind a backslash', () => {
    const url = parseBaseUrl('https://api.cloudflare.com\\@evil.com');
    equal(url.hostname, 'api.cloudflare.com');
    ok(!url.href.includes('\\'));
  });
});
