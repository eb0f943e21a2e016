import { failure, success, type Answer, type ResultInfo } from './envelope.mts';

/** What `result_info` says about totals; the client must work with each. */
export type Totals =
  /** As documented: everyone, also on a filtered list. */
  | 'everyone'
  /** Only what the filter matches. */
  | 'matches'
  /** `total_count` and `total_pages` are left out. */
  | 'omit'
  /** One entry on one page, whatever the list holds. */
  | 'understate'
  /** Ten times too many. */
  | 'overstate';

export interface PageRequest {
  /** Counted from 1. */
  readonly page: number;
  /** What is answered with, after clamping. */
  readonly perPage: number;
}

/** Reads `page` and `per_page`. What is above the maximum is clamped, what is no positive whole number is refused. */
export function pageRequest(query: URLSearchParams, defaultPerPage: number, maxPerPage: number): PageRequest | Answer {
  const page = positiveInteger(query.get('page'), 1);
  const perPage = positiveInteger(query.get('per_page'), defaultPerPage);

  if (page === undefined || perPage === undefined) {
    const pointer = page === undefined ? 'page' : 'per_page';
    return failure(400, {
      code: 12130,
      message: `access.api.error.invalid_request: ${pointer} must be a positive integer`,
      source: { pointer },
    });
  }
  return { page, perPage: Math.min(perPage, maxPerPage) };
}

function positiveInteger(text: string | null, fallback: number): number | undefined {
  if (text === null || text === '') {
    return fallback;
  }
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** What a list answers from: everything in it, and the part that was asked for. */
export interface ListAnswer {
  /** How many the list holds without any filter. */
  readonly everyone: number;
  /** How many the filter matches (all, without one). */
  readonly matches: number;
  /** JSON texts of the matches from `start` up to `end`, counted from 0. */
  readonly texts: (start: number, end: number) => readonly string[];
}

/** One page of a list in its envelope. A page past the end is empty, not an error. */
export function pageAnswer({ page, perPage }: PageRequest, totals: Totals, list: ListAnswer): Answer {
  const texts = list.texts((page - 1) * perPage, page * perPage);
  const info: ResultInfo = { count: texts.length, page, per_page: perPage, ...totalsOf[totals](list, perPage) };
  return success(`[${texts.join(',')}]`, info);
}

type TotalsInfo = Pick<ResultInfo, 'total_count' | 'total_pages'>;

function counted(total: number, perPage: number): TotalsInfo {
  return { total_count: total, total_pages: Math.ceil(total / perPage) };
}

const totalsOf: Record<Totals, (list: ListAnswer, perPage: number) => TotalsInfo> = {
  everyone: ({ everyone }, perPage) => counted(everyone, perPage),
  matches: ({ matches }, perPage) => counted(matches, perPage),
  omit: () => ({}),
  understate: () => ({ total_count: 1, total_pages: 1 }),
  overstate: ({ everyone }, perPage) => counted(everyone * 10, perPage),
};
