import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configuredPage, type Front, startFront } from '../../tools/vscode/front.mts';

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

describe('the front of the server build', () => {
  const keyPart = randomBytes(32);
  let upstream: http.Server;
  let socketPath: string;
  let front: Front;
  /** What has got through, as METHOD path. */
  let passed: string[];

  beforeEach(async () => {
    const name = `front-test-${process.pid}-${randomBytes(4).toString('hex')}`;
    socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
    passed = [];
    upstream = http.createServer((request, response) => {
      passed.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<meta id="vscode-workbench-web-configuration" data-settings="{&quot;a&quot;:1}">');
    });
    upstream.on('upgrade', (request, socket) => {
      passed.push(`UPGRADE ${request.url ?? ''}`);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.end('hello');
    });
    await new Promise<void>((resolve) => upstream.listen(socketPath, resolve));
    front = await startFront({
      socketPath,
      port: 0,
      keyPart,
      configure: (configuration, origin) => {
        configuration.developmentOptions = {
          extensions: [{ scheme: 'vscode-remote', authority: new URL(origin).host, path: '/ext' }],
        };
      },
    });
  });

  afterEach(async () => {
    await front.close();
    await new Promise((resolve) => upstream.close(resolve));
    rmSync(socketPath, { force: true });
  });

  function ask(path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: front.port, path, method, headers });
      request.on('error', reject);
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.alloc(0) });
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      request.end();
    });
  }

  async function enter(): Promise<string> {
    const { headers } = await ask(pathOf(front.address({ folder: '/demo' })));
    return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  const upgrade = (headers: http.OutgoingHttpHeaders): Promise<Answer> =>
    ask('/socket', { connection: 'Upgrade', upgrade: 'websocket', ...headers });

  it('takes the token once, keeps a cookie instead, and drops the token from the address', async () => {
    const { status, headers } = await ask(pathOf(front.address({ folder: '/demo' })));
    assert.equal(status, 302);
    assert.equal(headers.location, '/?folder=%2Fdemo');
    assert.match(headers['set-cookie']?.[0] ?? '', /HttpOnly; SameSite=Strict/);
    assert.deepEqual(passed, []);

    const page = await ask('/?folder=%2Fdemo', { cookie: await enter() });
    assert.equal(page.status, 200);
    assert.match(page.body.toString(), /&quot;path&quot;:&quot;\/ext&quot;/);
    assert.deepEqual(passed, ['GET /?folder=%2Fdemo']);
  });

  it('refuses whoever has no token, a wrong one, or a wrong cookie', async () => {
    const cookie = await enter();
    assert.equal((await ask('/')).status, 403);
    assert.equal((await ask('/?tkn=wrong')).status, 403);
    assert.equal((await ask('/?tkn=wrong', { cookie })).status, 403);
    assert.equal((await ask('/', { cookie: `${cookie}x` })).status, 403);
    assert.deepEqual(passed, []);
  });

  it('refuses another Host, another Origin and other sites, whatever cookie they bring', async () => {
    const cookie = await enter();
    assert.equal((await ask('/', { cookie, host: `attacker.example:${front.port}` })).status, 403);
    assert.equal((await ask('/', { cookie, host: `localhost:${front.port}` })).status, 403);
    assert.equal((await ask('/', { cookie, origin: 'https://attacker.example' })).status, 403);
    assert.equal((await ask('/', { cookie, origin: 'null' })).status, 403);
    assert.equal((await ask('/', { cookie, 'sec-fetch-site': 'same-site' })).status, 403);
    assert.deepEqual(passed, []);
  });

  it('passes a WebSocket on only with the cookie and its own Origin', async () => {
    const cookie = await enter();
    const { origin } = front;
    assert.equal((await upgrade({ origin })).status, 403);
    assert.equal((await upgrade({ cookie })).status, 403);
    assert.equal((await upgrade({ cookie, origin: 'http://127.0.0.1:1' })).status, 403);
    assert.equal((await upgrade({ cookie, origin, host: 'attacker.example' })).status, 403);
    assert.deepEqual(passed, []);

    assert.equal((await upgrade({ cookie, origin })).status, 101);
    assert.deepEqual(passed, ['UPGRADE /socket']);
  });

  it('answers the request for a key part by itself', async () => {
    const { body } = await ask('/mint-key', { cookie: await enter(), origin: front.origin }, 'POST');
    assert.deepEqual(body, keyPart);
    assert.equal((await ask('/mint-key', {}, 'POST')).status, 403);
    assert.deepEqual(passed, []);
  });

  it('leaves the configuration readable whatever is in it', () => {
    const page =
      '<meta id="vscode-workbench-web-configuration" data-settings="{&quot;x&quot;:&quot;&amp;quot;&lt;&quot;}">';
    let seen: unknown;
    const changed = configuredPage(page, (configuration) => {
      seen = { ...configuration };
    });
    assert.deepEqual(seen, { x: '&quot;<' });
    assert.equal(changed, page);
  });
});

function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}
