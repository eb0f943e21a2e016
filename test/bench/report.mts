// Medians of the samples, as a table for people and as lines for programs.
import type { Bound, Sample } from './sample.mts';

/** A metric over all runs; figures are medians, in the metric's unit. */
export interface Figure extends Sample {
  /** Ours to the peer's: below 1 is less than the peer. */
  readonly ratio: number;
  readonly runs: number;
  /** The smallest and the largest of our values. */
  readonly range: readonly [number, number];
  /** What `value` may be at most. */
  readonly limit: number | undefined;
}

/** One figure for each metric, in the order in which they were first measured. */
export function figuresOf(samples: readonly Sample[]): Figure[] {
  return [...Map.groupBy(samples, ({ metric }) => metric).values()].flatMap((ofOne) => {
    const [first] = ofOne;
    if (first === undefined) return [];
    const values = ofOne.map(({ value }) => value);
    const value = median(values);
    const peerValue = median(ofOne.map((sample) => sample.peerValue));
    return {
      ...first,
      value,
      peerValue,
      ratio: value / peerValue,
      runs: ofOne.length,
      range: [Math.min(...values), Math.max(...values)] as const,
      limit: first.bound && first.bound.peerTimes * peerValue + first.bound.plus,
    };
  });
}

export function isReached({ value, limit }: Figure): boolean {
  return limit === undefined || value <= limit;
}

/** One line of JSON a metric. */
export function jsonLines(figures: readonly Figure[]): string {
  return figures
    .map(({ metric, value, unit, peer, peerValue, ratio }) =>
      JSON.stringify({ metric, value: round(value), unit, peer, peerValue: round(peerValue), ratio: round(ratio) }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export function table(figures: readonly Figure[]): string {
  const rows = [
    ['metric', 'ours', 'min – max', 'runs', 'peer', '', 'ratio', 'bound', ''],
    ...figures.map((figure) => [
      figure.metric,
      `${shown(figure.value)} ${figure.unit}`,
      figure.range.map(shown).join(' – '),
      String(figure.runs),
      figure.peer,
      `${shown(figure.peerValue)} ${figure.unit}`,
      shown(figure.ratio),
      figure.bound === undefined ? 'none' : `≤ ${boundText(figure.bound, figure.unit)}`,
      verdict(figure),
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

function verdict(figure: Figure): string {
  const { limit, value, unit } = figure;
  if (limit === undefined) return '';
  return isReached(figure) ? 'reached' : `MISSED by ${shown(value - limit)} ${unit}`;
}

function boundText({ peerTimes, plus }: Bound, unit: string): string {
  if (peerTimes === 0) return `${plus} ${unit}`;
  return `${peerTimes === 1 ? '' : `${peerTimes} × `}peer + ${plus} ${unit}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
const shown = (value: number): string => value.toFixed(value < 100 ? 2 : 0);
