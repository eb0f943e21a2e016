import { happens } from './deterministic.mts';
import type { Effect } from './effects.mts';
import type { RecordedRequest } from './requests.mts';

/** Something that goes wrong with the requests that `when` describes; without it, with every request. */
export interface Fault {
  readonly when?: {
    /** A part of the path, or a pattern for it. */
    readonly path?: RegExp | string;
    /** Page of the query; a request without one asks for page 1. */
    readonly page?: number;
    /** Parameters that the query must have, with these values. */
    readonly query?: Readonly<Record<string, string>>;
    /** How many matching requests go well before the fault begins. */
    readonly after?: number;
    /** How many requests it strikes; then it is used up. Default: all. */
    readonly times?: number;
    /** The share of the matching requests that it strikes, 0 to 1, spread as if at random; default: all. */
    readonly share?: number;
  };
  readonly effect: Effect;
}

interface ActiveFault {
  readonly fault: Fault;
  /** Where it stands in the order of all that were ever added. */
  readonly number: number;
  matched: number;
}

/** The faults that are on. Where several match a request, they act in the order they were added. */
export class Faults {
  readonly #active = new Set<ActiveFault>();
  #added = 0;

  /** Switches a fault on; the function that comes back switches it off. */
  add(fault: Fault): () => void {
    const active = { fault, number: this.#added++, matched: 0 };
    this.#active.add(active);
    return () => this.#active.delete(active);
  }

  clear(): void {
    this.#active.clear();
  }

  /** The effects on a request; each call counts as one request. */
  effectsOn(request: RecordedRequest): Effect[] {
    const effects: Effect[] = [];
    for (const active of this.#active) {
      const { when = {}, effect } = active.fault;
      if (!isMeant(when, request)) {
        continue;
      }

      active.matched += 1;
      if (!happens(when.share ?? 1, active.number, active.matched, 0)) {
        continue;
      }
      const strikes = active.matched - (when.after ?? 0);
      if (strikes > 0) {
        effects.push(effect);
      }
      if (strikes >= (when.times ?? Infinity)) {
        this.#active.delete(active);
      }
    }
    return effects;
  }
}

function isMeant(when: NonNullable<Fault['when']>, request: RecordedRequest): boolean {
  const { path, page, query = {} } = when;
  const isPath = typeof path === 'string' ? request.path.includes(path) : (path?.test(request.path) ?? true);

  return (
    isPath &&
    (page === undefined || page === (request.page ?? 1)) &&
    Object.entries(query).every(([name, value]) => request.query.getAll(name).includes(value))
  );
}
