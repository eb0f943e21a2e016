import assert from 'node:assert/strict';
import { type Figure, figuresOf, jsonLines, missed, table } from '../bench/report.mts';
import { inTurn, type Sample } from '../bench/sample.mts';
import { exponent, median, percentile } from '../bench/statistics.mts';
import { metricNames, metricOf, type MetricName, wantedMetrics } from '../bench/table.mts';

function figure(metric: MetricName, samples: readonly Sample[]): Figure {
  const [only] = figuresOf([metric], samples);
  assert.ok(only);
  return only;
}

describe("the benchmark's report", () => {
  describe('a bound', () => {
    const cases: readonly [
      name: string,
      metric: MetricName,
      value: number,
      peerValue: number | undefined,
      Figure['verdict'],
    ][] = [
      ['a time at its multiple of the peer is reached', 'expand_ms', 40, 20, 'reached'],
      ['a time over its multiple of the peer is missed', 'expand_ms', 40.1, 20, 'missed'],
      ['a slow machine changes nothing where the peer is slower as well', 'expand_ms', 4_000, 2_000, 'reached'],
      ['a fast machine changes nothing where the peer is faster as well', 'expand_ms', 0.5, 0.2, 'missed'],
      ['a search so many times as fast as the peer is reached', 'search_100k_p99_ms', 4, 10, 'reached'],
      ['a search less fast than that is missed', 'search_100k_p99_ms', 4.1, 10, 'missed'],
      ['megabytes at the bound are reached, whatever the peer has', 'memory_100k_mb', 50, 20, 'reached'],
      ['megabytes over the bound are missed, whatever the peer has', 'memory_100k_mb', 50.1, 900, 'missed'],
      ['a growth needs no peer', 'growth_load', 1.06, undefined, 'missed'],
      ['all queries right are reached', 'search_recall', 1, 1, 'reached'],
      ['one query wrong is missed', 'search_recall', 1133 / 1134, 1, 'missed'],
      ['a time without its peer is not measured', 'expand_ms', 1, undefined, 'not measured'],
    ];
    for (const [name, metric, value, peerValue, verdict] of cases) {
      it(name, () => {
        assert.equal(figure(metric, [{ metric, value, peerValue }]).verdict, verdict);
      });
    }

    it('is not measured where there are no samples, and where all of them failed', () => {
      const metric = 'expand_ms';
      assert.equal(figure(metric, []).verdict, 'not measured');
      const failed = figure(metric, [{ metric, problem: 'The host ended.' }]);
      assert.equal(failed.verdict, 'not measured');
      assert.match(missed([failed]).join(), /^expand_ms: not measured; the bound is ≤ 2 ×; The host ended\.$/);
    });

    it('is missed where a sample has a problem, however good the figure', () => {
      const metric = 'load_100k_limited_s';
      const limited = figure(metric, [
        { metric, value: 5, peerValue: 5 },
        { metric, value: 5, peerValue: 5, problem: '3 requests refused: 429' },
      ]);
      assert.equal(limited.verdict, 'missed');
      assert.match(missed([limited]).join(), /3 requests refused: 429/);
    });

    it('holds for the medians of all runs', () => {
      const metric = 'expand_ms';
      const values = [30, 90, 31].map((value) => ({ metric, value, peerValue: 20 }) as const);
      const { value, ratio, runs, range, verdict } = figure(metric, values);
      assert.deepEqual([value, ratio, runs, range, verdict], [31, 1.55, 3, [30, 90], 'reached']);
    });

    it('holds beside the peer of another metric where that is the base', () => {
      const [rows, paint] = figuresOf(
        ['keystroke_rows_ms', 'keystroke_paint_ms'],
        [
          { metric: 'keystroke_rows_ms', value: 9 },
          { metric: 'keystroke_paint_ms', value: 33, peerValue: 30 },
        ],
      );
      assert.deepEqual([rows?.ratio, rows?.verdict, paint?.ratio], [0.3, 'reached', 1.1]);
    });
  });

  describe('what is measured', () => {
    it('binds every time by a ratio, and nothing else', () => {
      for (const name of metricNames) {
        const { unit, bound, peer } = metricOf(name);
        const isRatio = 'timesPeer' in bound || 'timesFaster' in bound;
        assert.equal(isRatio, ['s', 'ms', 'µs'].includes(unit), name);
        assert.ok(!isRatio || peer !== '', name);
      }
    });

    it('leaves 1,000,000 users and the growth to --full', () => {
      const extra = metricNames.filter((name) => !wantedMetrics(undefined, false).has(name));
      assert.deepEqual(
        extra,
        metricNames.filter((name) => /_1m_|^growth_/.test(name)),
      );
      assert.deepEqual([...wantedMetrics(undefined, true)], metricNames);
    });

    it('takes the beginnings of names, expensive ones included', () => {
      assert.deepEqual([...wantedMetrics('expand,growth_l', false)], ['expand_ms', 'growth_load']);
      assert.deepEqual([...wantedMetrics('search_1m_p50,', false)], ['search_1m_p50_ms']);
    });

    it('takes the metric with it that has the peer', () => {
      assert.deepEqual([...wantedMetrics('keystroke_rows', false)], ['keystroke_rows_ms', 'keystroke_paint_ms']);
    });

    it('says what there is where a name is unknown, also beside a known one', () => {
      assert.throws(() => wantedMetrics('expand,nothing', false), /begins with nothing\. There are: activation_ms, /);
    });
  });

  describe('the output', () => {
    const samples: readonly Sample[] = [
      { metric: 'expand_ms', value: 50, peerValue: 20 },
      { metric: 'search_100k_p50_ms', value: 0.25, peerValue: 5 },
      { metric: 'memory_100k_mb', value: 40, peerValue: 160 },
      { metric: 'growth_load', value: 0.97 },
    ];
    const figures = figuresOf(
      ['expand_ms', 'search_100k_p50_ms', 'memory_100k_mb', 'growth_load', 'activation_ms'],
      samples,
    );

    it('has the ratio and its bound before the figures that it is of', () => {
      const [head, ...rows] = table(figures)
        .split('\n')
        .map((line) => line.split(/ {2,}/));
      assert.deepEqual(head, ['metric', 'ratio', 'bound', 'ours', 'min – max', 'runs', 'peer']);
      assert.deepEqual(rows, [
        ['expand_ms', '2.500 ×', '≤ 2 ×', 'MISSED', '50.00 ms', '50.00 – 50.00', '1', '20.00 ms', 'bare fetch'],
        [
          'search_100k_p50_ms',
          '20.00 × faster',
          '≥ 15 × faster',
          '0.250 ms',
          '0.250 – 0.250',
          '1',
          '5.000 ms',
          'includes loop',
        ],
        ['memory_100k_mb', '0.250 ×', '≤ 50 MB', '40.00 MB', '40.00 – 40.00', '1', '160 MB', 'parsed objects'],
        ['growth_load', '≤ 1.05', '0.970', '0.970 – 0.970', '1'],
        ['activation_ms', '≤ 0.09 ×', 'NOT MEASURED', '– ms', '– – –', '0', 'importing the SDK'],
      ]);
    });

    it('names what is missed with both figures', () => {
      assert.deepEqual(missed(figures), [
        'expand_ms: 2.500 × (50.00 ms beside 20.00 ms, bare fetch); the bound is ≤ 2 ×',
        'activation_ms: not measured; the bound is ≤ 0.09 ×',
      ]);
    });

    it('is JSON for programs, with null for what was not measured', () => {
      const lines = jsonLines(figures).trimEnd().split('\n');
      const [expand, , , growth, activation] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(expand, {
        metric: 'expand_ms',
        ratio: 2.5,
        bound: '≤ 2 ×',
        verdict: 'missed',
        value: 50,
        unit: 'ms',
        peer: 'bare fetch',
        peerValue: 20,
      });
      assert.deepEqual([growth?.value, growth?.ratio, growth?.peer], [0.97, null, null]);
      assert.deepEqual([activation?.verdict, activation?.value], ['not measured', null]);
    });
  });

  it('lets each run begin with another contestant', async () => {
    for (const [round, expected] of ['abc', 'bca', 'cab', 'abc'].entries()) {
      let order = '';
      const contestant = (name: string) => () => ((order += name), name);
      const measured = await inTurn({ a: contestant('a'), b: contestant('b'), c: contestant('c') }, round);
      assert.deepEqual([order, measured], [expected, { a: 'a', b: 'b', c: 'c' }]);
    }
  });

  it('takes the middle of the values, the value that a part of them does not exceed, and the exponent', () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([])], [2, 2.5, NaN]);
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    assert.deepEqual([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([], 0.5)], [50, 99, NaN]);
    assert.ok(
      Math.abs(
        exponent([
          [10, 7],
          [100, 70],
          [1_000, 700],
        ]) - 1,
      ) < 1e-9,
    );
    assert.ok(
      Math.abs(
        exponent([
          [10, 100],
          [100, 10_000],
        ]) - 2,
      ) < 1e-9,
    );
  });
});
