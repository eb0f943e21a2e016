import { type Clock, sleep } from '../cloudflare';
import { type Directory, type DirectoryProvider } from '../directory';
import {
  type Asking,
  inquiries,
  type Inquiry,
  type Scope,
  searchedProviders,
  searchLocally,
  searchOnServer,
  serverPlan,
  type SmallDirectories,
} from '../lookup';
import { parseQuery, type Query } from '../matching';
import { notifyOfError } from '../ui';
import { maxTextLength, type Searched } from './below';
import type { Covered } from './coverage';
import type { SearchHistory } from './history';
import { addHistory } from './historyRows';
import { mostRows, Results } from './results';
import type { Rows } from './rows';

/** Milliseconds without a key press after which the server is asked for a whole email or id, and small directories are loaded. */
const soonMs = 400;

/** Milliseconds without a key press after which the server is asked for a word as a username. */
const lateMs = 800;

export interface SearchSource {
  readonly directory: Directory;
  readonly history: SearchHistory;
  readonly small: SmallDirectories;
  readonly clock: Clock;
}

/** The events of a search, for the box that shows it. */
export interface SearchEvents {
  /** The rows changed, or the server is asked, or small directories are loaded. */
  readonly onRows: () => void;
  /** Nothing is asked any more without the user's request. */
  readonly onDone: (results: Results) => void;
  /** Searches for the text in the box again, and asks the server about it. */
  readonly searchAgain: () => void;
  /** Searches for another text than that in the box. */
  readonly searchFor: (text: string) => void;
}

/** Searches for one text at a time. Loaded users or groups are found at once, and those of the server are added when they arrive. */
export class UserSearch {
  results: Results | undefined;
  isActiveOnly = false;

  constructor(
    private readonly source: SearchSource,
    private readonly rows: Rows,
    private readonly events: SearchEvents,
    public scope: Scope,
  ) {}

  /** Begins a search; the loaded users are in the results at once. @param isSent False for a text that is not sent without the user's request. */
  start(value: string, isSent = true): Results {
    const before = this.results;
    before?.abort.abort();
    const plan = serverPlan(this.query(value));
    const results = new Results(value, plan, this.rows);
    this.results = results;
    if (results.isHistory) {
      addHistory(results, this.rows, this.source, this.scope, this.events.searchFor);
    } else if (value.length <= maxTextLength) {
      this.addLoaded();
      // Lists of groups are short, so they are loaded for every search for groups.
      if (isSent && (plan.questions.length > 0 || plan.query.kind === 'group')) {
        // A whole email or id that was pasted is asked for at once; the user may go on typing one.
        const isPasted = Math.abs(value.length - (before?.value.length ?? 0)) !== 1;
        void this.askAutomatically(results, isPasted && plan.query.isIdentityAlone ? 0 : soonMs);
      }
    }
    return results;
  }

  /** Asks the server everything about the text. */
  async request(results: Results): Promise<void> {
    results.isRequested = true;
    await this.ask(results, 'requested');
    this.end(results);
  }

  stop(): void {
    this.results?.abort.abort();
    this.results = undefined;
  }

  /** Adds loaded users or groups that match, also those that were loaded since the search began. */
  addLoaded(): void {
    const { results } = this;
    if (results && !results.isHistory) {
      const { resources, count } = searchLocally(this.providers(results.query), results.query, mostRows);
      resources.forEach((resource) => results.add('loaded', { resource, matchedByUsername: false }));
      results.loadedCount = count;
    }
  }

  /** What a search for a text looks at: users or groups, and of which identity providers. */
  covered(value: string): Covered {
    const query = this.query(value);
    return { kind: query.kind, providers: this.providers(query) };
  }

  searched(results: Results): Searched {
    const { directory } = this.source;
    const providers = this.providers(results.query);
    return {
      kind: results.query.kind,
      providers,
      unread: directory.accounts.filter((account) => account.providers === undefined),
      unasked: this.unasked(results),
      small: this.source.small.loading.filter((provider) => providers.includes(provider)),
      isActiveOnly: this.isActiveOnly,
    };
  }

  private query(value: string): Query {
    const query = parseQuery(value.slice(0, maxTextLength));
    return this.isActiveOnly && query.kind === 'user' ? { ...query, active: query.active ?? true } : query;
  }

  private providers(query: Query): DirectoryProvider[] {
    return searchedProviders(this.source.directory, query, this.scope);
  }

  private unasked(results: Results): Inquiry[] {
    return inquiries(this.source.directory, results.plan, this.scope, 'requested').filter(
      (inquiry) => !results.isAsked(inquiry),
    );
  }

  /** Asks the server when the user has stopped typing, or at once after `results.hurry`. */
  private async askAutomatically(results: Results, wholeMs: number): Promise<void> {
    const { clock } = this.source;
    const rest = AbortSignal.any([results.abort.signal, results.hurry.signal]);
    const after = async (milliseconds: number, asking: Asking) => {
      await sleep(clock, milliseconds, rest).catch(() => undefined);
      if (!results.abort.signal.aborted) {
        if (asking === 'soon' && (results.loadedCount === 0 || results.query.kind === 'group')) {
          void this.loadSmall(results);
        }
        await this.ask(results, asking);
      }
    };
    results.isScheduled = true;
    const hasLate = results.plan.questions.some(({ occasion }) => occasion === 'username');
    await Promise.all([after(wholeMs, 'soon'), ...(hasLate ? [after(lateMs, 'late')] : [])]);
    results.isScheduled = false;
    this.end(results);
  }

  private async loadSmall(results: Results): Promise<void> {
    const { directory, small } = this.source;
    const accounts = await directory.ensureAccounts();
    await Promise.all(accounts.map((account) => account.ensureProviders()));
    const loading = small.load(this.providers(results.query), results.query.kind);
    this.events.onRows();
    await loading;
    this.events.onRows();
  }

  /** Adds the server's answers until all have come or another search begins. */
  private async ask(results: Results, asking: Asking): Promise<void> {
    const { plan, abort } = results;
    const { signal } = abort;
    const { directory } = this.source;
    const asked = () => inquiries(directory, plan, this.scope, asking);
    const isUnread = directory.accounts.some(
      ({ providers, unusable }) => providers === undefined && unusable === undefined,
    );
    if (plan.questions.length === 0 || (asked().length === 0 && !isUnread)) {
      return;
    }
    results.asking++;
    results.addAsked(asked());
    this.events.onRows();
    try {
      for await (const update of searchOnServer(directory, plan, asking, { scope: this.scope, signal })) {
        if (signal.aborted) {
          return;
        }
        if ('error' in update) {
          const { account, provider, error, fields } = update;
          results.found.push(this.rows.failure(account, provider, error, fields, this.events.searchAgain));
        } else {
          results.addAnswer(update.rows, update.fields);
        }
        this.events.onRows();
      }
    } catch (error) {
      if (!signal.aborted) {
        notifyOfError(error);
      }
    } finally {
      results.asking--;
    }
    results.addAsked(asked());
  }

  private end(results: Results): void {
    if (!results.abort.signal.aborted && results.isDone) {
      this.events.onDone(results);
    }
  }
}
