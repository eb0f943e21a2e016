import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { InvalidBaseUrlError, parseBaseUrl } from '../../src/cloudflare/baseUrl';
import { holds, patienceMs } from '../support/properties';

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly pattern?: string }>> };
  };
}

/** What VS Code's proxy code sends past every proxy, as `URL` writes it. */
const spared = ['localhost', '127.0.0.1', '[::1]'];

const { pattern = '' } =
  (JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).contributes.configuration.properties[
    'scimExplorer.apiBaseUrl'
  ] ?? {};
const manifestPattern = new RegExp(pattern);

/** The host that a request would go to, or undefined where the address is refused. */
function hostOf(address: string): string | undefined {
  try {
    return parseBaseUrl(address).hostname;
  } catch (error) {
    ok(error instanceof InvalidBaseUrlError);
    return undefined;
  }
}

describe('a base URL with http:', () => {
  /** Each form of a host, the host that is sent to where it is accepted, and whether the settings editor takes it without a warning. */
  const forms: readonly (readonly [host: string, sentTo: string | undefined, isPlain: boolean])[] = [
    ['localhost', 'localhost', true],
    ['localhost:8080', 'localhost', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1:65535', '127.0.0.1', true],
    ['[::1]', '[::1]', true],
    ['[::1]:1', '[::1]', true],
    // URL writes these as one of the three before anything is sent.
    ['LocalHost', 'localhost', false],
    ['LOCALHOST:1', 'localhost', false],
    ['127.1', '127.0.0.1', false],
    ['127.0.1', '127.0.0.1', false],
    ['0x7f.1', '127.0.0.1', false],
    ['0X7F.0.0.1', '127.0.0.1', false],
    ['0x7f000001', '127.0.0.1', false],
    ['2130706433', '127.0.0.1', false],
    ['0177.1', '127.0.0.1', false],
    ['127.0.0.1.', '127.0.0.1', false],
    ['%31%32%37.0.0.1', '127.0.0.1', false],
    ['%6c%6f%63alhost', 'localhost', false],
    ['local\thost', 'localhost', false],
    ['127.0.0.\n1', '127.0.0.1', false],
    ['１２７．０．０．１', '127.0.0.1', false],
    ['ｌｏｃａｌｈｏｓｔ', 'localhost', false],
    ['[0:0:0:0:0:0:0:1]', '[::1]', false],
    ['[0000::0001]', '[::1]', false],
    ['[::0.0.0.1]', '[::1]', false],
    ['@localhost', 'localhost', false],
    // The rest of 127.0.0.0/8 is this machine, and goes to a proxy all the same.
    ['127.0.0.2', undefined, false],
    ['127.0.0.0', undefined, false],
    ['127.0.1.1', undefined, false],
    ['127.1.0.1', undefined, false],
    ['127.2', undefined, false],
    ['0x7f.2', undefined, false],
    ['2130706434', undefined, false],
    ['127.255.255.254', undefined, false],
    ['127.0.0.2.', undefined, false],
    ['127.0.0.1..', undefined, false],
    ['127.0.0.01x', undefined, false],
    ['localhost.', undefined, false],
    ['localhost..', undefined, false],
    ['localhost%2e', undefined, false],
    ['localhost%00', undefined, false],
    ['localhost%20', undefined, false],
    ['local host', undefined, false],
    ['localhost.localdomain', undefined, false],
    ['sub.localhost', undefined, false],
    ['localhost6', undefined, false],
    ['ip6-localhost', undefined, false],
    ['127.0.0.1.example.com', undefined, false],
    ['localhost.example.com', undefined, false],
    ['0.0.0.0', undefined, false],
    ['0', undefined, false],
    ['[::]', undefined, false],
    ['[::2]', undefined, false],
    ['[::1%25lo]', undefined, false],
    ['[::ffff:127.0.0.1]', undefined, false],
    ['[::ffff:7f00:1]', undefined, false],
    ['[::ffff:0:127.0.0.1]', undefined, false],
    ['[::127.0.0.1]', undefined, false],
    ['[64:ff9b::127.0.0.1]', undefined, false],
    ['[fe80::1]', undefined, false],
    ['::1', undefined, false],
    ['localhost\u200b', 'localhost', false],
    ['lоcalhost', undefined, false],
    ['user@localhost', undefined, false],
    ['user:pass@127.0.0.1', undefined, false],
    [':pass@localhost', undefined, false],
    ['localhost:80@example.com', undefined, false],
    ['127.0.0.1@example.com', undefined, false],
    ['example.com\\@127.0.0.1', undefined, false],
    ['example.com#@127.0.0.1', undefined, false],
    ['example.com?@127.0.0.1', undefined, false],
    ['localhost:99999', undefined, true],
    ['localhost:x', undefined, false],
  ];

  for (const [host, sentTo, isPlain] of forms) {
    it(`${sentTo === undefined ? 'is refused for' : `is sent to ${sentTo} for`} the host ${JSON.stringify(host)}`, () => {
      equal(hostOf(`http://${host}/client/v4`), sentTo);
      equal(manifestPattern.test(`http://${host}/client/v4`), isPlain, 'the pattern of the setting');
      ok(sentTo === undefined || spared.includes(sentTo));
    });
  }

  it('is accepted with spaces around it and with either slash, for the same hosts only', () => {
    for (const [address, sentTo] of [
      ['  http://localhost/x\n', 'localhost'],
      ['http:\\\\127.0.0.1\\x', '127.0.0.1'],
      ['http:localhost/x', 'localhost'],
      ['http:////[::1]/x', '[::1]'],
      ['HTTP://127.0.0.1', '127.0.0.1'],
      ['http:\\\\127.0.0.2\\x', undefined],
      ['http:127.0.0.2', undefined],
      ['\u0000http://127.0.0.2', undefined],
    ] as const) {
      equal(hostOf(address), sentTo, JSON.stringify(address));
    }
  });

  it('is sent only to one of the three hosts, whatever its spelling: of 127.0.0.0/8 only to 127.0.0.1', async () => {
    const octet = fc.nat(255);
    const host = fc.oneof(
      fc.tuple(octet, octet, octet).map((rest) => `127.${rest.join('.')}`),
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...spared).chain((name) => fc.string({ maxLength: 3 }).map((end) => name + end)),
    );
    await holds(
      fc.property(host, fc.string(), (name, path) => {
        const sentTo = hostOf(`http://${name}/${path}`);
        ok(sentTo === undefined || spared.includes(sentTo), sentTo);
      }),
    );
  }).timeout(patienceMs);
});

describe('the pattern of the setting', () => {
  it('accepts the common spellings of what the code accepts', () => {
    for (const address of [
      'https://api.cloudflare.com/client/v4',
      'https://api.cloudflare.com:8443',
      'https://[2001:db8::1]/x',
      'https://example.com/a@b/',
      'http://127.0.0.1:8080/client/v4',
    ]) {
      ok(manifestPattern.test(address), address);
      ok(hostOf(address) !== undefined, address);
    }
  });

  it('refuses every kind of URL that the code refuses', () => {
    const refused = [
      'https://',
      'https://user@example.com',
      'https://example.com?x',
      'https://example.com/x#y',
      'http://api.cloudflare.com',
      'http://localhost@example.com',
      'ftp://localhost',
      'api.cloudflare.com',
      '',
    ];
    deepEqual(
      refused.filter((address) => manifestPattern.test(address) || hostOf(address) !== undefined),
      [],
    );
  });
});
