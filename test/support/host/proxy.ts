import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A CONNECT proxy as companies have them, on loopback. */
export interface TestProxy {
  /** `127.0.0.1:41234` */
  readonly host: string;
  /** Each CONNECT so far, oldest first: the target, and whether it was let through. */
  readonly connects: { readonly target: string; readonly isOpened: boolean }[];
  /** The credentials that it asks for, `user:password`. Default: none. */
  credentials: string | undefined;
  /** The status with which it refuses everything. Default: it refuses nothing. */
  refusal: number | undefined;
  close(): Promise<void>;
}

/** Whatever name a client asks for, the proxy leads to that port on loopback. */
export async function startProxy(): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', track);
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const target = request.url ?? '';
    const wanted = proxy.credentials && `Basic ${Buffer.from(proxy.credentials).toString('base64')}`;
    const isKnown = wanted === undefined || request.headers['proxy-authorization'] === wanted;
    const isOpened = isKnown && proxy.refusal === undefined;
    proxy.connects.push({ target, isOpened });
    if (!isOpened) {
      const status = isKnown ? `${proxy.refusal} Refused` : '407 Proxy Authentication Required';
      const challenge = isKnown ? '' : 'Proxy-Authenticate: Basic realm="company"\r\n';
      client.end(`HTTP/1.1 ${status}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    track(upstream);
    upstream.once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: TestProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects: [],
    credentials: undefined,
    refusal: undefined,
    async close() {
      for (const socket of sockets) {
        socket.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
