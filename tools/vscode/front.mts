// The only way to the VS Code server, which itself asks nobody anything: whoever reaches it may run programs. It
// listens on loopback, but so does every web page that the person's browser opens try to; hence the checks below.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface FrontOptions {
  /** The socket that the server listens on. */
  socketPath: string;
  /** A free one is taken for 0, and when it is in use. What the page keeps in the browser belongs to the port. */
  port: number;
  /** Half of the key (32 bytes) that the workbench seals its secrets with; the same one opens them after a reload. */
  keyPart: Buffer;
  /** Changes the configuration that the page starts with. */
  configure?: (configuration: WorkbenchConfiguration, origin: string) => void;
}

/** The part of the page's `vscode-workbench-web-configuration` that is of use here. */
export interface WorkbenchConfiguration {
  productConfiguration?: { extensionsGallery?: unknown };
  developmentOptions?: { extensions?: { scheme: string; authority: string; path: string }[] };
}

export interface Front {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** An address that lets the browser in; the token is gone from it once the page is there. */
  address(query: Record<string, string>): string;
  close(): Promise<void>;
}

export async function startFront(options: FrontOptions): Promise<Front> {
  const token = randomBytes(24).toString('base64url');
  const session = randomBytes(24).toString('base64url');
  const server = http.createServer();
  await listen(server, options.port).catch((error: unknown) => {
    const isInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isInUse) throw error;
    return listen(server, 0);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  // Cookies are shared by all ports of a host.
  const cookieName = `workbench-${port}`;

  server.on('request', (request, response) => {
    const refusal = strangerRefusal(request, origin);
    if (refusal !== undefined) {
      refuse(response, refusal);
      return;
    }

    const url = new URL(request.url ?? '/', origin);
    // VS Code itself adds an empty one to the addresses of resources.
    const named = url.searchParams.get('tkn');
    const shown = named === '' ? null : named;
    if (shown !== null && same(shown, token) && request.method === 'GET') {
      url.searchParams.delete('tkn');
      response.writeHead(302, {
        location: `${url.pathname}${url.search}`,
        'set-cookie': `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      response.end();
      return;
    }
    if (shown !== null || !same(cookieOf(request, cookieName), session)) {
      refuse(response, 'Please open the address that was printed.');
      return;
    }

    if (url.pathname === '/mint-key' && request.method === 'POST') {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
      response.end(options.keyPart);
      return;
    }
    passOn(request, response, options, origin, url.pathname === '/');
  });

  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    const allowed =
      strangerRefusal(request, origin) === undefined &&
      request.headers.origin === origin &&
      same(cookieOf(request, cookieName), session);
    if (!allowed) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    passOnUpgrade(request, socket, head, options.socketPath);
  });

  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  });

  return {
    origin,
    port,
    address: (query) => `${origin}/?${new URLSearchParams({ tkn: token, ...query }).toString()}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/**
 * A name that somebody points at 127.0.0.1 arrives with another Host; a foreign page's request with another Origin.
 * Browsers leave Origin away for navigation, pictures, scripts and frames; Sec-Fetch-Site tells those apart. A page on
 * another port of this machine counts as the same site and would bring our cookie along.
 */
function strangerRefusal({ headers }: http.IncomingMessage, origin: string): string | undefined {
  if (`http://${headers.host ?? ''}` !== origin) return 'This address is not the one that was printed.';
  if (headers.origin !== undefined && headers.origin !== origin) return 'Requests of other pages are not passed on.';
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'same-origin' && site !== 'none')
    return 'Please paste the address that was printed, rather than follow a link.';
  return undefined;
}

function refuse(response: http.ServerResponse, why: string): void {
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${why}\n`);
}

/** Takes the same time for every wrong answer of the right length. */
function same(shown: string, expected: string): boolean {
  const a = Buffer.from(shown);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function cookieOf(request: http.IncomingMessage, name: string): string {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

function passOn(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { socketPath, configure }: FrontOptions,
  origin: string,
  isPage: boolean,
): void {
  const headers = { ...request.headers };
  if (isPage) delete headers['accept-encoding'];

  const { method, url: path } = request;
  const upstream = http.request({ socketPath, method, path, headers }, (answer) => {
    const isHtml = answer.headers['content-type']?.startsWith('text/html') ?? false;
    if (isPage && isHtml && configure !== undefined) return void sendConfigured(answer, response, configure, origin);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

async function sendConfigured(
  answer: http.IncomingMessage,
  response: http.ServerResponse,
  configure: NonNullable<FrontOptions['configure']>,
  origin: string,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const page = Buffer.from(
    configuredPage(Buffer.concat(chunks).toString(), (configuration) => configure(configuration, origin)),
  );
  const headers = { ...answer.headers, 'content-length': page.length };
  delete headers['transfer-encoding'];
  response.writeHead(answer.statusCode ?? 502, headers);
  response.end(page);
}

/** Changes the JSON in the `data-settings` attribute of the page's configuration. */
export function configuredPage(html: string, configure: (configuration: WorkbenchConfiguration) => void): string {
  return html.replace(
    /(<meta id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/,
    (_whole, start: string, escaped: string) => {
      const configuration = JSON.parse(unescapeAttribute(escaped)) as WorkbenchConfiguration;
      configure(configuration);
      return `${start}${escapeAttribute(JSON.stringify(configuration))}"`;
    },
  );
}

const unescapeAttribute = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function passOnUpgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer, socketPath: string): void {
  const upstream = connect(socketPath, () => {
    const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      lines.push(`${request.rawHeaders[i] ?? ''}: ${request.rawHeaders[i + 1] ?? ''}`);
    }
    upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  for (const [one, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
