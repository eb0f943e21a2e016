import { Agent } from 'undici';
import { sleep } from '../../../src/cloudflare/clock';
import type { Credential } from '../../../src/cloudflare/credential';
import { CloudflareApi } from '../../../src/cloudflare/endpoints';
import { Sender } from '../../../src/cloudflare/sender';
import type { Fetch } from '../../../src/cloudflare/transport';
import { DirectoryAccount } from '../../../src/directory/account';
import { type DirectoryProvider } from '../../../src/directory/provider';
import { Directory } from '../../../src/directory/directory';
import type { ScimUserList } from '../../../src/directory/scimLists';
import type { RecordedRequest } from '../../simulator/simulator.mts';
import { until } from '../../support/until.mts';
import { VirtualClock } from '../../support/virtualClock';
import { CountedTransport } from './countedTransport';
import type { Ground, NamedFault, Place, Surroundings } from './types';

const realFetch = globalThis.fetch as unknown as Fetch;

/** One client with everything of it real but time, in front of a simulator, with users loaded already. */
export class World {
  readonly clock = new VirtualClock(() => this.isMoving);
  /** Everything that the log would be told. */
  readonly logged: unknown[] = [];
  /** Requests to the struck identity provider since the fault is on. */
  sent = 0;
  readonly secret: string;
  readonly sender: Sender;
  readonly directory: Directory;
  readonly account: DirectoryAccount;
  private readonly agent = new Agent();
  private readonly transport: CountedTransport;
  /** Requests that only time or an abort may help, by their signals, with the condition that this is so by now. */
  private readonly stuck = new Map<AbortSignal, () => boolean>();
  /** By the query of a request: resolved once its headers are there. */
  private readonly headers = new Map<string, PromiseWithResolvers<unknown>>();
  private inFlight = 0;
  private isOn = false;
  private isLoading = false;
  private strikes = 0;

  constructor(
    private readonly ground: Ground,
    private readonly fault: NamedFault,
    private readonly place: Place,
  ) {
    const { simulator } = ground;
    const credential = this.issue();
    this.secret = credential.scheme === 'token' ? credential.token : credential.key;
    const maxBodyBytes = () => (this.isOn ? fault.maxBodyBytes : undefined);
    this.transport = new CountedTransport({
      fetch: this.fetch,
      dispatcher: () => (this.hasNoAgent ? Promise.withResolvers().promise : Promise.resolve(this.agent)),
      clock: this.clock,
      // Read anew for each request: what comes behind the fault may have any size.
      get maxBodyBytes() {
        return maxBodyBytes();
      },
    });
    this.sender = new Sender(this.transport, () => new URL(simulator.baseUrl), { clock: this.clock, random: () => 1 });
    this.sender.events.on('exchange', (exchange) => this.logged.push(exchange));
    this.sender.events.on('heldBack', (...held) => this.logged.push(held));
    const { id = '', name = '' } = simulator.accounts[1] ?? {};
    const authorization = { credential, origin: new URL(simulator.baseUrl).origin };
    this.account = new DirectoryAccount(id, name, new CloudflareApi(this.sender, authorization));
    this.directory = new Directory({ load: () => Promise.resolve([this.account]) });
  }

  /** The identity provider that the fault strikes. */
  get struck(): DirectoryProvider {
    return this.provider(0);
  }

  /** Lists that were read before, in part or in whole. */
  get lists(): ScimUserList[] {
    return [0, 1, 2].map((i) => this.provider(i).users);
  }

  /** Whether a request is under way to which nothing happens any more. */
  get isStuck(): boolean {
    return this.stuckRequests > 0;
  }

  async load(): Promise<void> {
    this.isLoading = true;
    await this.directory.ensureAccounts();
    await this.clock.run(this.account.loadProviders());
    const pages = { 'first page': 0, 'later page': 2, search: 1, document: 1 }[this.place];
    await this.clock.run(this.provider(1).users.shown.loadMore());
    for (let page = 0; page < pages; page++) {
      await this.clock.run(this.struck.users.shown.loadMore());
    }
    if (this.place === 'search') {
      // Else the search would find out beside its questions, by requests that nobody waits for.
      await this.clock.run(this.account.partialMatching.probe(this.struck));
    }
    this.isLoading = false;
  }

  switchOn(): void {
    const { effect, times } = this.fault;
    this.isOn = true;
    this.sent = 0;
    this.strikes = 0;
    if (effect !== undefined) {
      this.ground.simulator.faults.add({
        when: { path: this.struck.reference.identityProviderId, ...(times === undefined ? {} : { times }) },
        effect: typeof effect === 'function' ? effect(this.surroundings) : effect,
      });
    }
  }

  switchOff(): void {
    this.isOn = false;
    this.ground.simulator.faults.clear();
  }

  /** Lets everything that is under way come to its end. */
  async settle(): Promise<void> {
    const isOver = () => this.clock.pending === 0 && this.transport.underWay === 0 && this.inFlight === 0;
    await this.clock.run(until('the end of every timer and request', isOver));
  }

  /** Ends as soon as nothing is left: no timer, no request, no work of the agent, no socket. */
  async comeToRest(): Promise<void> {
    await this.settle();
    let isAgentClosed = false;
    const closing = this.agent.close().finally(() => (isAgentClosed = true));
    await until('an agent that has nothing to do', () => isAgentClosed);
    await closing;
    await until('the end of every socket', () => this.ground.simulator.openSockets === 0);
  }

  async end(): Promise<void> {
    this.switchOff();
    this.account.dispose();
    await this.agent.destroy();
  }

  private provider(i: number): DirectoryProvider {
    const provider = this.account.providers?.[i];
    if (provider === undefined) {
      throw new RangeError(`There is no identity provider ${i}`);
    }
    return provider;
  }

  private issue(): Credential {
    const { simulator } = this.ground;
    const { scheme = 'token' } = this.fault;
    return scheme === 'token' ? { scheme, token: simulator.issueToken() } : { scheme, ...simulator.issueApiKey() };
  }

  private get surroundings(): Surroundings {
    const { secret, clock, ground } = this;
    return {
      secret,
      clock,
      baseUrl: ground.simulator.baseUrl,
      elsewhere: ground.elsewhere,
      nobody: ground.nobody,
      arrival: ({ query }: RecordedRequest) => this.headers.get(query.toString())?.promise ?? Promise.resolve(),
      pause: async (milliseconds, signal) => {
        this.holdUp(signal);
        await sleep(clock, milliseconds, signal);
        this.stuck.delete(signal);
      },
    };
  }

  private get hasNoAgent(): boolean {
    return this.isOn && (this.fault.hasNoAgent ?? false);
  }

  private get stuckRequests(): number {
    return this.hasNoAgent ? this.transport.underWay : [...this.stuck.values()].filter((isStuck) => isStuck()).length;
  }

  /** Whether something is under way that does not wait for time to pass; somebody who gives up does so before any time passes. */
  private get isMoving(): boolean {
    const isGivenUp = this.isOn && this.fault.isGivenUp;
    return this.transport.underWay > (isGivenUp ? 0 : this.stuckRequests);
  }

  private holdUp(signal: AbortSignal, isStuck = () => true): void {
    this.stuck.set(signal, isStuck);
    signal.addEventListener('abort', () => this.stuck.delete(signal), { once: true });
  }

  private readonly fetch: Fetch = async (url, init) => {
    if (this.isLoading || !url.includes(this.struck.reference.identityProviderId)) {
      return this.answerOf(url, init);
    }
    const isMeant = this.isOn;
    const { fetch, times = Infinity } = this.fault;
    this.sent += isMeant ? 1 : 0;
    if (isMeant && fetch !== undefined && ++this.strikes <= times) {
      return fetch(this.surroundings, realFetch)(url, init);
    }
    this.inFlight++;
    try {
      return await this.overTheWire(url, init, isMeant ? this.kindOfEffect : undefined);
    } finally {
      this.inFlight--;
    }
  };

  private async overTheWire(
    url: string,
    init: Parameters<Fetch>[1],
    effect: string | undefined,
  ): ReturnType<typeof realFetch> {
    const query = new URL(url).search.slice(1);
    if (effect === 'hang') {
      const { requests } = this.ground.simulator;
      const before = requests.length;
      this.holdUp(init.signal, () => requests.slice(before).some((request) => request.query.toString() === query));
    }
    const headers = Promise.withResolvers();
    this.headers.set(query, headers);
    const response = await realFetch(url, init);
    headers.resolve(response);
    if (effect === 'hangInBody' || effect === 'endlessDrip') {
      this.holdUp(init.signal);
    }
    return response;
  }

  private get kindOfEffect(): string | undefined {
    const { effect } = this.fault;
    return typeof effect === 'object' ? effect.kind : undefined;
  }

  /** What no fault strikes is the same in every world. */
  private async answerOf(url: string, init: Parameters<Fetch>[1]): Promise<Response> {
    const { answers } = this.ground;
    const text = answers.get(url) ?? (await (await realFetch(url, init)).text());
    answers.set(url, text);
    return new Response(text);
  }
}
