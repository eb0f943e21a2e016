// Medians of the samples, as a table for people and as lines for programs.
import type { Sample } from './sample.mts';
import { type Bound, metricOf, type MetricName } from './table.mts';

/** A metric over all runs; figures are medians, in the metric's unit. */
export interface Figure {
  readonly metric: MetricName;
  readonly unit: string;
  readonly peer: string;
  readonly value: number;
  readonly peerValue: number | undefined;
  /** Ours to the peer's: below 1 is less than the peer. */
  readonly ratio: number | undefined;
  readonly runs: number;
  /** The smallest and the largest of our values. */
  readonly range: readonly [number, number];
  /** What must be reached, in words, and whether it is. */
  readonly verdicts: readonly Verdict[];
}

interface Verdict {
  readonly words: string;
  readonly isReached: boolean;
}

/** One figure for each metric that was asked for; one that nobody measured has missed its bounds. */
export function figuresOf(wanted: readonly MetricName[], samples: readonly Sample[]): Figure[] {
  const byMetric = Map.groupBy(samples, ({ metric }) => metric);
  return wanted.map((metric) => figureOf(metric, byMetric.get(metric) ?? []));
}

function figureOf(metric: MetricName, samples: readonly Sample[]): Figure {
  const { unit, peer, bounds } = metricOf(metric);
  const values = samples.flatMap(({ value }) => value ?? []);
  const peerValues = samples.flatMap(({ peerValue }) => peerValue ?? []);
  const value = median(values);
  const peerValue = peerValues.length > 0 ? median(peerValues) : undefined;
  const problems = new Set(samples.flatMap(({ problem }) => problem ?? []));
  if (values.length === 0) problems.add('not measured');
  return {
    metric,
    unit,
    peer,
    value,
    peerValue,
    ratio: peerValue === undefined ? undefined : value / peerValue,
    runs: values.length,
    range: [Math.min(...values), Math.max(...values)],
    verdicts: [
      ...bounds.map((bound) => ({ words: boundWords(bound, unit), isReached: isReached(bound, value, peerValue) })),
      ...[...problems].map((words) => ({ words, isReached: false })),
    ],
  };
}

function isReached(bound: Bound, value: number, peerValue = NaN): boolean {
  if ('atMost' in bound) return value <= bound.atMost;
  if ('atLeast' in bound) return value >= bound.atLeast;
  if ('timesFaster' in bound) return value * bound.timesFaster <= peerValue;
  return value <= bound.timesPeer * peerValue + bound.plus;
}

function boundWords(bound: Bound, unit: string): string {
  if ('atMost' in bound) return `≤ ${bound.atMost} ${unit}`.trimEnd();
  if ('atLeast' in bound) return `≥ ${bound.atLeast} ${unit}`.trimEnd();
  if ('timesFaster' in bound) return `${bound.timesFaster} × faster`;
  const peer = bound.timesPeer === 1 ? 'peer' : `${bound.timesPeer} × peer`;
  return bound.plus === 0 ? `≤ ${peer}` : `≤ ${peer} + ${bound.plus} ${unit}`;
}

/** What is missed, each in a line. */
export function missed(figures: readonly Figure[]): string[] {
  return figures.flatMap(({ metric, value, peerValue, unit, verdicts }) =>
    verdicts
      .filter((verdict) => !verdict.isReached)
      .map(({ words }) => {
        const beside = peerValue === undefined ? '' : ` beside ${shown(peerValue)}`;
        return `${metric}: ${words}, but ${shown(value)} ${unit}${beside}`;
      }),
  );
}

/** One line of JSON a metric. */
export function jsonLines(figures: readonly Figure[]): string {
  return figures
    .map(({ metric, value, unit, peer, peerValue, ratio }) =>
      JSON.stringify({
        metric,
        value: rounded(value),
        unit,
        peer: peer === '' ? null : peer,
        peerValue: rounded(peerValue),
        ratio: rounded(ratio),
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export function table(figures: readonly Figure[]): string {
  const rows = [
    ['metric', 'ours', 'min – max', 'runs', 'peer', '', 'ratio', 'bounds'],
    ...figures.map((figure) => [
      figure.metric,
      `${shown(figure.value)} ${figure.unit}`,
      figure.range.map(shown).join(' – '),
      String(figure.runs),
      figure.peer,
      figure.peerValue === undefined ? '' : `${shown(figure.peerValue)} ${figure.unit}`,
      figure.ratio === undefined ? '' : shown(figure.ratio),
      figure.verdicts.map(({ words, isReached: reached }) => `${reached ? '' : 'MISSED '}${words}`).join('; '),
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}

/** The value that a part (0 to 1) of all values does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? NaN;
}

const rounded = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Math.round(value * 1_000) / 1_000;

function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 0);
}
