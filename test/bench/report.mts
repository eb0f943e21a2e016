// Medians of the samples beside their bounds, as a table for people and as lines for programs.
import type { Sample } from './sample.mts';
import { median } from './statistics.mts';
import { type Bound, metricOf, type MetricName } from './table.mts';

/** A metric over all runs. Figures are medians in the metric's unit, NaN where nothing was measured. */
export interface Figure {
  readonly metric: MetricName;
  readonly value: number;
  /** NaN as well for a metric without a peer. */
  readonly peerValue: number;
  /** Ours to the peer's: below 1 is less than the peer. */
  readonly ratio: number;
  readonly runs: number;
  /** The smallest and the largest of our values. */
  readonly range: readonly [number, number];
  readonly verdict: 'reached' | 'missed' | 'not measured';
  /** Why a figure does not count, or was not measured. */
  readonly problems: readonly string[];
}

/** One figure for each metric that was asked for, measured or not. */
export function figuresOf(wanted: Iterable<MetricName>, samples: readonly Sample[]): Figure[] {
  const byMetric = Map.groupBy<string, Sample>(samples, ({ metric }) => metric);
  return [...wanted].map((metric) => {
    const { peerOf = metric } = metricOf(metric);
    return figureOf(metric, byMetric.get(metric) ?? [], byMetric.get(peerOf) ?? []);
  });
}

function figureOf(metric: MetricName, ours: readonly Sample[], peers: readonly Sample[]): Figure {
  const values = ours.flatMap(({ value }) => value ?? []);
  const value = median(values);
  const peerValue = median(peers.flatMap((sample) => sample.peerValue ?? []));
  const problems = [...new Set(ours.flatMap(({ problem }) => problem ?? []))];
  const { bound } = metricOf(metric);
  const isMeasured = Number.isFinite(value) && (isAbsolute(bound) || Number.isFinite(peerValue));
  const isGood = problems.length === 0 && isReached(bound, value, peerValue);
  return {
    metric,
    value,
    peerValue,
    ratio: value / peerValue,
    runs: values.length,
    range: [Math.min(...values), Math.max(...values)],
    verdict: !isMeasured ? 'not measured' : isGood ? 'reached' : 'missed',
    problems,
  };
}

const isAbsolute = (bound: Bound): boolean => 'atMost' in bound || 'atLeast' in bound;

function isReached(bound: Bound, value: number, peerValue: number): boolean {
  if ('atMost' in bound) return value <= bound.atMost;
  if ('atLeast' in bound) return value >= bound.atLeast;
  if ('timesFaster' in bound) return value * bound.timesFaster <= peerValue;
  return value <= bound.timesPeer * peerValue;
}

function boundWords({ bound, unit }: { readonly bound: Bound; readonly unit: string }): string {
  if ('atMost' in bound) return `≤ ${withUnit(String(bound.atMost), unit)}`;
  if ('atLeast' in bound) return `≥ ${withUnit(String(bound.atLeast), unit)}`;
  if ('timesFaster' in bound) return `≥ ${bound.timesFaster} × faster`;
  return `≤ ${bound.timesPeer} ×`;
}

/** In the direction that the bound is written in; empty where there is no peer. */
function ratioWords({ metric, ratio }: Figure): string {
  if (!Number.isFinite(ratio)) return '';
  return 'timesFaster' in metricOf(metric).bound ? `${shown(1 / ratio)} × faster` : `${shown(ratio)} ×`;
}

/** What is missed or was not measured, each in a line. */
export function missed(figures: readonly Figure[]): string[] {
  return figures
    .filter(({ verdict }) => verdict !== 'reached')
    .map((figure) => {
      const { metric, value, peerValue, verdict, problems } = figure;
      const { unit, peer } = metricOf(metric);
      const absolute = withUnit(shown(value), unit);
      const beside = Number.isFinite(peerValue)
        ? `${absolute} beside ${withUnit(shown(peerValue), unit)}, ${peer}`
        : absolute;
      const ratio = ratioWords(figure);
      const measured = ratio === '' ? beside : `${ratio} (${beside})`;
      const what = verdict === 'not measured' ? verdict : measured;
      return [`${metric}: ${what}; the bound is ${boundWords(metricOf(metric))}`, ...problems].join('; ');
    });
}

/** One line of JSON a metric. */
export function jsonLines(figures: readonly Figure[]): string {
  return figures
    .map(({ metric, ratio, value, peerValue, verdict }) => {
      const { unit, peer } = metricOf(metric);
      const [named, bound] = [peer === '' ? null : peer, boundWords(metricOf(metric))];
      const figures = { ratio: rounded(ratio), bound, verdict, value: rounded(value), unit, peer: named };
      return `${JSON.stringify({ metric, ...figures, peerValue: rounded(peerValue) })}\n`;
    })
    .join('');
}

/** The ratio first, then the figures that it is of. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ['metric', 'ratio', 'bound', '', 'ours', 'min – max', 'runs', 'peer', ''],
    ...figures.map((figure) => {
      const { metric, value, peerValue, range, runs, verdict } = figure;
      const { unit, peer, bound } = metricOf(metric);
      return [
        metric,
        ratioWords(figure),
        boundWords({ bound, unit }),
        verdict === 'reached' ? '' : verdict.toUpperCase(),
        withUnit(shown(value), unit),
        range.map(shown).join(' – '),
        String(runs),
        Number.isFinite(peerValue) ? withUnit(shown(peerValue), unit) : '',
        peer,
      ];
    }),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const padded = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
  return padded.map((line) => line.trimEnd()).join('\n');
}

const withUnit = (figure: string, unit: string): string => `${figure} ${unit}`.trimEnd();

/** JSON has no NaN. */
const rounded = (value: number): number | null => (Number.isFinite(value) ? Math.round(value * 1_000) / 1_000 : null);

function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 0);
}
