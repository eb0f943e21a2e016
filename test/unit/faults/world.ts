import { Agent } from 'undici';
import { CloudflareApi } from '../../../src/cloudflare/api';
import type { Credential } from '../../../src/cloudflare/credential';
import { Gate } from '../../../src/cloudflare/gate';
import { type Fetch, Transport } from '../../../src/cloudflare/transport';
import { DirectoryAccount, type DirectoryProvider } from '../../../src/directory/account';
import { partialMatchingOf } from '../../../src/directory/partialMatching';
import { Directory } from '../../../src/directory/directory';
import type { ScimUserList } from '../../../src/directory/scimUserList';
import type { Simulator } from '../../simulator/simulator.mts';
import { becomes, CountingClock, SkippingClock } from './clock';
import type { NamedFault, Place, Surroundings } from './types';

const realFetch = globalThis.fetch as unknown as Fetch;
const knownAnswers = new Map<string, string>();

/** What no fault strikes is asked for once: it is the same in every world. */
const fetchOnce: Fetch = async (url, init) => {
  const text = knownAnswers.get(url) ?? (await (await realFetch(url, init)).text());
  knownAnswers.set(url, text);
  return new Response(text);
};

/** One client with everything of it real but time, in front of a simulator, with users loaded already. */
export class World {
  readonly clock = new SkippingClock(() => this.deadlines.pending > 0);
  /** Everything that the log would be told. */
  readonly logged: unknown[] = [];
  /** Requests to the struck identity provider since the fault is on. */
  sent = 0;
  readonly secret: string;
  readonly gate: Gate;
  readonly directory: Directory;
  readonly account: DirectoryAccount;
  private readonly agent = new Agent();
  private readonly deadlines = new CountingClock();
  private inFlight = 0;
  private isOn = false;
  private isLoading = false;
  private strikes = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly fault: NamedFault,
    private readonly place: Place,
    private readonly addresses: Pick<Surroundings, 'elsewhere' | 'nobody'>,
  ) {
    const credential = this.issue();
    this.secret = credential.scheme === 'token' ? credential.token : credential.key;
    const limits = () => (this.isOn ? fault.limits : undefined);
    const transport = new Transport({
      fetch: this.fetch,
      dispatcher: () => (this.isOn && fault.hasNoAgent ? Promise.withResolvers().promise : Promise.resolve(this.agent)),
      clock: this.deadlines,
      // Read anew for each request: what comes behind the fault has all the time.
      get deadlineMs() {
        return limits()?.deadlineMs;
      },
      get headersDeadlineMs() {
        return limits()?.headersDeadlineMs;
      },
      get maxBodyBytes() {
        return limits()?.maxBodyBytes;
      },
    });
    this.gate = new Gate(transport, () => new URL(simulator.baseUrl), { clock: this.clock, random: () => 1 });
    this.gate.on('exchange', (exchange) => this.logged.push(exchange));
    this.gate.on('heldBack', (...held) => this.logged.push(held));
    const { id = '', name = '' } = simulator.accounts[1] ?? {};
    const authorization = { credential, origin: new URL(simulator.baseUrl).origin };
    this.account = new DirectoryAccount(id, name, new CloudflareApi(this.gate, authorization));
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

  async load(): Promise<void> {
    this.isLoading = true;
    await this.directory.ensureAccounts();
    await this.clock.drive(this.account.loadProviders());
    const pages = { 'first page': 0, 'later page': 2, search: 1, document: 1 }[this.place];
    await this.clock.drive(this.provider(1).users.loadMore());
    for (let page = 0; page < pages; page++) {
      await this.clock.drive(this.struck.users.loadMore());
    }
    if (this.place === 'search') {
      // Else the search would find out beside its questions, by requests that nobody waits for.
      await this.clock.drive(partialMatchingOf(this.account).probe(this.struck));
    }
    this.isLoading = false;
  }

  switchOn(): void {
    const { effect, times } = this.fault;
    this.isOn = true;
    this.sent = 0;
    this.strikes = 0;
    if (effect !== undefined) {
      this.simulator.faults.add({
        when: { path: this.struck.reference.identityProviderId, ...(times === undefined ? {} : { times }) },
        effect: typeof effect === 'function' ? effect(this.surroundings) : effect,
      });
    }
  }

  switchOff(): void {
    this.isOn = false;
    this.simulator.faults.clear();
  }

  /** Lets everything that is under way come to its end, as far as it has one. */
  async settle(): Promise<void> {
    await this.clock.drive(
      becomes(() => this.clock.pending === 0 && this.deadlines.pending === 0 && this.inFlight === 0),
    );
  }

  /** What has not come to its end. */
  async leftovers(): Promise<string[]> {
    await this.settle();
    const agentClosed = this.agent.close().then(
      () => true,
      () => false,
    );
    const left = {
      'timers of the gate': this.clock.pending,
      deadlines: this.deadlines.pending,
      'requests in flight': this.inFlight,
      'a busy agent': (await Promise.race([agentClosed, becomes(() => false)])) ? 0 : 1,
      'open sockets': (await becomes(() => this.simulator.openSockets === 0)) ? 0 : this.simulator.openSockets,
    };
    return Object.entries(left).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
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
    const { scheme = 'token' } = this.fault;
    return scheme === 'token'
      ? { scheme, token: this.simulator.issueToken() }
      : { scheme, ...this.simulator.issueApiKey() };
  }

  private get surroundings(): Surroundings {
    const { secret, clock, addresses } = this;
    return { secret, clock, baseUrl: this.simulator.baseUrl, ...addresses };
  }

  private readonly fetch: Fetch = async (url, init) => {
    if (this.isLoading || !url.includes(this.struck.reference.identityProviderId)) {
      return fetchOnce(url, init);
    }
    const isMeant = this.isOn;
    const { fetch, times = Infinity } = this.fault;
    this.sent += isMeant ? 1 : 0;
    if (isMeant && fetch !== undefined && ++this.strikes <= times) {
      return fetch(this.surroundings, realFetch)(url, init);
    }
    this.inFlight++;
    try {
      return await realFetch(url, init);
    } finally {
      this.inFlight--;
    }
  };
}
