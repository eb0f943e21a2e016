import type { FailureReason } from '../../../src/cloudflare/errors';
import type { Fetch } from '../../../src/cloudflare/transport';
import type { Fault, RecordedRequest, Simulator } from '../../simulator/simulator.mts';
import type { VirtualClock } from '../../support/virtualClock';

export const places = ['first page', 'later page', 'search', 'document'] as const;
export type Place = (typeof places)[number];

/** Where every fault is struck that is no other anywhere: where most is loaded that could be lost. */
export const standardPlace: Place = 'later page';

export type Effect = Fault['effect'];

/** What a fault may need to know of the world it strikes. */
export interface Surroundings {
  readonly secret: string;
  readonly baseUrl: string;
  /** An origin on this machine that nobody may ask for anything. */
  readonly elsewhere: string;
  /** One where nobody listens. */
  readonly nobody: string;
  readonly clock: VirtualClock;
  /** Resolves once the client has the headers of the answer to a request. */
  readonly arrival: (request: RecordedRequest) => Promise<unknown>;
  /** Resolves after so many milliseconds of the clock, in which nothing happens to a request; rejects once its signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What all worlds share: where they are, and the answers that no fault strikes, by address, asked for once. */
export interface Ground extends Pick<Surroundings, 'elsewhere' | 'nobody'> {
  readonly simulator: Simulator;
  readonly answers: Map<string, string>;
}

/** What a request comes to under a fault. */
export interface Gives {
  readonly outcome: 'ok' | 'cancelled' | 'noSuchUser' | FailureReason;
  /** Requests sent for one that is needed; undefined where any number within the retries will do. */
  readonly sent?: number;
  /** Of the error; with it comes a `cf-ray`, unless `ray` says otherwise. */
  readonly status?: number;
  readonly ray?: boolean;
  readonly code?: number;
  readonly networkCode?: string;
  /** Milliseconds spent in waits for an answer and before the next attempt, all together. */
  readonly waitedMs?: number;
  /** Users in the list afterwards, where a page was read. */
  readonly rows?: number;
}

export interface NamedFault {
  readonly name: string;
  /** On the wire, by the simulator … */
  readonly effect?: Effect | ((surroundings: Surroundings) => Effect);
  /** … or at `fetch` itself. */
  readonly fetch?: (surroundings: Surroundings, real: Fetch) => Fetch;
  /** How many requests it strikes; default: all. */
  readonly times?: number;
  readonly scheme?: 'token' | 'key';
  /** The person gives up while it is under way. */
  readonly isGivenUp?: boolean;
  /** Milliseconds by which this machine's time of day is wrong. */
  readonly wrongBy?: number;
  /** Bytes that a body may have; default: as many as in the product. */
  readonly maxBodyBytes?: number;
  /** The agent's promise never settles. */
  readonly hasNoAgent?: boolean;
  readonly gives: Gives;
  /** What is different somewhere; false where the fault makes no sense. */
  readonly at?: Partial<Record<Place, Partial<Gives> | false>>;
}
