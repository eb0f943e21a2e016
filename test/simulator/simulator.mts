import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { simulatedAccounts, type SimulatedAccount } from './accounts.mts';
import { defaultBehaviour, type Behaviour } from './behaviour.mts';
import { Credentials, type TokenOptions } from './credentials.mts';
import { applyEffect } from './effects.mts';
import { failure, type Answer } from './envelope.mts';
import { Faults, type Fault } from './faults.mts';
import type { SimulatedIdentityProvider } from './identityProviders.mts';
import { RateLimits } from './rateLimits.mts';
import { recordRequest, type RecordedRequest } from './requests.mts';
import { answerTo, basePath, findRoute, noRoute } from './routes.mts';
import { send, type Exchange } from './transport.mts';
import type { ScimUser } from './users.mts';

export type { Behaviour, Fault, RecordedRequest, ScimUser, SimulatedAccount, SimulatedIdentityProvider, TokenOptions };

export interface SimulatorOptions extends Partial<Behaviour> {
  /** Default: a free one. */
  readonly port?: number;
  /** Unix time in milliseconds, for rate limits and tokens that expire; default: the system's clock. */
  readonly now?: () => number;
  /** Answers over TLS with this private key and certificate (PEM), under this host name. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly host: string };
}

/** A Cloudflare API on loopback. The properties of `Behaviour` may be changed at any time. */
export interface Simulator extends Behaviour {
  /** For example http://127.0.0.1:41234/client/v4 */
  readonly baseUrl: string;
  readonly accounts: readonly SimulatedAccount[];
  /** Every request so far, oldest first; `requests.length = 0` forgets them. */
  readonly requests: RecordedRequest[];
  readonly faults: Pick<Faults, 'add' | 'clear'>;
  issueToken(options?: TokenOptions): string;
  issueApiKey(email?: string): { email: string; key: string };
  revokeToken(token: string): void;
  /** Takes a user (by its Cloudflare id) out of the list, as between two pages. */
  removeUser(providerId: string, userId: string): void;
  /** Puts a user in at a place of the list (from 0): the one given, or else one that is made up. */
  insertUser(providerId: string, at: number, user?: ScimUser, userName?: string): ScimUser;
  removeIdentityProvider(providerId: string): void;
  readonly openSockets: number;
  /** All connections so far. */
  readonly connections: number;
  /** Stops listening and ends every open socket, whatever is going on there. */
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, now = Date.now, tls, ...behaviour } = options;
  const simulation = new Simulation(now, { ...defaultBehaviour, ...behaviour }, tls);
  await simulation.listen(port);
  return simulation.controls();
}

class Simulation {
  readonly #accounts = simulatedAccounts();
  readonly #faults = new Faults();
  readonly #requests: RecordedRequest[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #credentials: Credentials;
  readonly #rateLimits: RateLimits;
  readonly #behaviour: Behaviour;
  readonly #now: () => number;
  readonly #server: Server;

  readonly #origin: string;
  #connections = 0;

  constructor(now: () => number, behaviour: Behaviour, tls: SimulatorOptions['tls']) {
    this.#now = now;
    this.#behaviour = behaviour;
    this.#rateLimits = new RateLimits(now);
    this.#credentials = new Credentials(
      this.#accounts.map(({ id }) => id),
      now,
    );
    this.#origin = tls ? `https://${tls.host}` : 'http://127.0.0.1';
    const onRequest = (incoming: IncomingMessage, response: ServerResponse) => {
      this.#serve(incoming, response).catch((error: unknown) => {
        // A fault's own function threw: say so where the test looks, rather than end the whole test run.
        response.writeHead(500).end(`The simulator failed: ${String(error)}`);
      });
    };
    this.#server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
    // Longer than any pause in a test: a connection that ends between two requests is a fault to be asked for.
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket) => {
      this.#connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    // Rejects when the port is taken.
    await once(this.#server, 'listening');
  }

  controls(): Simulator {
    const { port } = this.#server.address() as AddressInfo;
    const sockets = this.#sockets;
    const connections = () => this.#connections;
    const controls = {
      baseUrl: `${this.#origin}:${port}${basePath}`,
      accounts: this.#accounts,
      requests: this.#requests,
      faults: this.#faults,
      issueToken: (options?: TokenOptions) => this.#credentials.issueToken(options),
      issueApiKey: (email?: string) => this.#credentials.issueApiKey(email),
      revokeToken: (token: string) => this.#credentials.revokeToken(token),
      removeUser: (providerId: string, userId: string) => {
        this.#provider(providerId).users.remove(({ user }) => user.id === userId);
      },
      insertUser: (providerId: string, at: number, user?: ScimUser, userName = '') =>
        this.#provider(providerId).users.insert(at, user && { user, userName }).user,
      removeIdentityProvider: (providerId: string) => {
        for (const { identityProviders } of this.#accounts) {
          const place = identityProviders.findIndex(({ id }) => id === providerId);
          identityProviders.splice(place, place < 0 ? 0 : 1);
        }
      },
      get openSockets() {
        return sockets.size;
      },
      get connections() {
        return connections();
      },
      close: () => this.#close(),
    };
    // The behaviour object itself becomes the controls, so that what a test sets is what the next answer follows.
    return Object.defineProperties(this.#behaviour, Object.getOwnPropertyDescriptors(controls)) as Simulator;
  }

  #provider(providerId: string): SimulatedIdentityProvider {
    const provider = this.#accounts.flatMap((account) => account.identityProviders).find(({ id }) => id === providerId);
    if (!provider) {
      throw new Error(`There is no identity provider ${providerId}.`);
    }
    return provider;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = recordRequest(incoming, this.#now());
    this.#requests.push(request);
    incoming.resume();
    response.on('error', () => response.destroy());
    response.once('close', () => {
      request.wasCutOff = !response.writableFinished;
    });

    const exchange: Exchange = {
      request,
      response,
      acceptsGzip: /\bgzip\b/.test(incoming.headers['accept-encoding']?.toString() ?? ''),
      answerFor: (query) => this.#answer(incoming, request, query),
      wait: (milliseconds) => untilClosed(response, milliseconds),
    };

    const limits = this.#limits(incoming);
    // The edge puts these on everything that passes it, also on an answer that a fault makes up.
    const edgeHeaders = { ...limits.headers, 'cf-ray': rayId(), server: 'cloudflare' };
    const withEdgeHeaders = (answer: Answer) => ({ ...answer, headers: { ...edgeHeaders, ...answer.headers } });
    let answer: Answer = limits.refusal ?? exchange.answerFor(request.query);

    if (this.#behaviour.latencyMs > 0) {
      await exchange.wait(this.#behaviour.latencyMs);
    }
    for (const effect of this.#faults.effectsOn(request)) {
      if (response.destroyed) {
        return;
      }
      const changed = await applyEffect(exchange, withEdgeHeaders(answer), effect);
      if (!changed) {
        return;
      }
      answer = changed;
    }
    if (!response.destroyed) {
      send(exchange, withEdgeHeaders(answer));
    }
  }

  #answer(incoming: IncomingMessage, request: RecordedRequest, query: URLSearchParams): Answer {
    if (!findRoute(request.path)) {
      return noRoute(request.path);
    }
    if (request.method !== 'GET') {
      return failure(405, { code: 7001, message: `Method ${request.method} not available for that URI.` });
    }

    const identity = this.#credentials.identify(incoming.headers);
    if ('refusal' in identity) {
      return identity.refusal;
    }
    const world = { accounts: this.#accounts, credentials: this.#credentials, behaviour: this.#behaviour };
    return answerTo(world, request.path, query, identity.credential);
  }

  #limits(incoming: IncomingMessage): ReturnType<RateLimits['count']> {
    const identity = this.#credentials.identify(incoming.headers);
    const credential = 'credential' in identity ? identity.credential : undefined;

    return credential ? this.#rateLimits.count(credential.id, this.#behaviour.rateLimits) : { headers: {} };
  }

  async #close(): Promise<void> {
    if (!this.#server.listening) {
      return;
    }
    const closing = [...this.#sockets].map((socket) => once(socket, 'close'));
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    this.#server.close();
    await Promise.all([...closing, once(this.#server, 'close')]);
  }
}

/** A ray id as in every answer's `cf-ray`: 16 hex digits and the code of a data centre. */
function rayId(): string {
  return `${randomBytes(8).toString('hex')}-LIS`;
}

function untilClosed(response: ServerResponse, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    response.once('close', done);
  });
}
