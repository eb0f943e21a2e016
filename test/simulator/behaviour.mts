import type { RateLimitMode } from './rateLimits.mts';
import type { Totals } from './pages.mts';

/** What the references leave open, or describe in two ways. Every property may be changed while the simulator runs. */
export interface Behaviour {
  /** Milliseconds before an answer begins; default 0. */
  latencyMs: number;
  /** More `per_page` than this is clamped, and `result_info.per_page` says so; default 100. */
  maxPerPage: number;
  /** What `result_info` says about totals; default `everyone`. */
  totals: Totals;
  /** Whether `email`, `username` and `name` must have the same case; default `insensitive`. They match whole texts. */
  filterCase: 'sensitive' | 'insensitive';
  /** What becomes of `search_contains` and `search_starts_with`: `nobody` matches none; default `ignore`. */
  partialMatch: 'honour' | 'ignore' | 'refuse' | 'nobody';
  /** What `/accounts` answers to an account-owned token: 400, or its account on every page; default `refuse`. */
  accountTokens: 'refuse' | 'sameAccount';
  /** Whether requests past the quota are refused; default `off`. */
  rateLimits: RateLimitMode;
}

export const defaultBehaviour: Behaviour = {
  latencyMs: 0,
  maxPerPage: 100,
  totals: 'everyone',
  filterCase: 'insensitive',
  partialMatch: 'ignore',
  accountTokens: 'refuse',
  rateLimits: 'off',
};
