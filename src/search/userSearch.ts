import type { Clock } from '../cloudflare';
import { type Directory, type DirectoryProvider } from '../directory';
import { askedFields, type Scope, searchedProviders, searchLocally, searchOnServer, serverPlan } from '../lookup';
import { parseQuery, type Query } from '../matching';
import { notifyOfError } from '../ui';
import { maxTextLength, type Searched } from './below';
import type { SearchHistory } from './history';
import { addHistory } from './historyRows';
import { mostRows, Results } from './results';
import type { Rows } from './rows';

/** Milliseconds without a key press before the server is asked. */
const serverDelayMs = 175;

export interface SearchSource {
  readonly directory: Directory;
  readonly history: SearchHistory;
  readonly clock: Clock;
}

/** The events of a search, for the box that shows it. */
export interface SearchEvents {
  readonly onBusy: (isBusy: boolean) => void;
  /** The server found users, or an identity provider could not be searched. */
  readonly onRows: () => void;
  readonly onDone: (results: Results) => void;
  /** Searches for another text than that in the box; undefined: for the same text again. */
  readonly repeat: (text?: string) => void;
}

/** Searches for one text at a time. Loaded users are found at once, and users of the server are added when they arrive. */
export class UserSearch {
  results: Results | undefined;
  isActiveOnly = false;

  constructor(
    private readonly source: SearchSource,
    private readonly rows: Rows,
    private readonly events: SearchEvents,
    public scope: Scope,
  ) {}

  /** Begins a search; the loaded users are in the results at once. */
  start(value: string, isTyped: boolean): Results {
    const before = this.results;
    before?.abort.abort();
    const plan = serverPlan(this.query(value));
    const results = new Results(value, plan, this.rows);
    this.results = results;
    if (results.isHistory) {
      addHistory(results, this.rows, this.source, this.scope, this.events.repeat);
    }
    if (results.isHistory || value.length > maxTextLength) {
      this.events.onBusy(false);
      results.isDone = true;
      return results;
    }
    this.addLoaded();
    // A whole email or id that was pasted is asked for at once; the user may go on typing one.
    const isPasted = plan.isWhole && Math.abs(value.length - (before?.value.length ?? 0)) !== 1;
    void this.askServer(results, isTyped && !isPasted ? serverDelayMs : 0);
    return results;
  }

  stop(): void {
    this.results?.abort.abort();
    this.results = undefined;
    this.events.onBusy(false);
  }

  /** Adds loaded users that match, users that were loaded since the search began included. */
  addLoaded(): void {
    const { results } = this;
    if (results && !results.isHistory) {
      const { users, count } = searchLocally(this.providers(results.query), results.query, mostRows);
      users.forEach((user) => results.add('loaded', { user, matchedByUsername: false }));
      results.loadedCount = count;
    }
  }

  /** The identity providers that a search for a text looks at. */
  providersFor(value: string): DirectoryProvider[] {
    return this.providers(this.query(value));
  }

  searched({ plan }: Results): Searched {
    const { directory } = this.source;
    const providers = this.providers(plan.query);
    return {
      providers,
      unread: directory.accounts.filter((account) => account.providers === undefined),
      asked: () => askedFields(directory, providers, plan),
      isActiveOnly: this.isActiveOnly,
    };
  }

  private query(value: string): Query {
    const query = parseQuery(value.slice(0, maxTextLength));
    return this.isActiveOnly ? { ...query, active: query.active ?? true } : query;
  }

  private providers(query: Query): DirectoryProvider[] {
    return searchedProviders(this.source.directory, query, this.scope);
  }

  /** Adds the server's answers until all have come or another search begins. */
  private async askServer(results: Results, delayMs: number): Promise<void> {
    const { plan, abort } = results;
    const { signal } = abort;
    const { directory, clock } = this.source;
    this.events.onBusy(plan.questions.length > 0);
    try {
      for await (const update of searchOnServer(directory, plan, { scope: this.scope, signal, delayMs, clock })) {
        if (signal.aborted) {
          return;
        }
        if ('error' in update) {
          const { account, provider, error } = update;
          results.found.push(this.rows.failure(account, provider, error, () => this.events.repeat()));
        } else {
          update.rows.forEach((row) => results.add('server', row));
        }
        this.events.onRows();
      }
    } catch (error) {
      if (!signal.aborted) {
        notifyOfError(error);
      }
    }
    if (!signal.aborted) {
      results.isDone = true;
      this.events.onBusy(false);
      this.events.onDone(results);
    }
  }
}
