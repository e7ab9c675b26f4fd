import assert from 'node:assert/strict';
import { compareRuns } from '../../../src/report/compare.js';
import { trendHtml } from '../../../src/report/trend-page.js';
import { trendOf, trendText } from '../../../src/report/trend.js';
import type { RunResult, ScenarioResult } from '../../../src/verdict/types.js';
import { carrierCut, hostile, invalidRun, runOf, steady } from '../../fixtures/results.js';

const RUNS = [
  [steady()],
  [steady(), carrierCut()],
  [{ ...steady(), asExpected: false, verdict: 'fail' as const }, carrierCut()],
  [
    { ...carrierCut(), id: 'carrier-cut.1' },
    { ...carrierCut(), id: 'carrier-cut.2', asExpected: false, verdict: 'fail' as const },
  ],
].map((scenarios: ScenarioResult[], index) => ({ name: `run-${index}`, run: runOf(scenarios) }));
const over = (runs: { name: string; run: RunResult }[]) => trendOf(compareRuns(runs));

describe('the trend of runs', () => {
  it('has a mark a run: as it should, not, differing, to be distrusted, not run', () => {
    assert.deepEqual(
      over(RUNS).map(({ id, marks }) => [id, marks]),
      [
        ['steady', ['yes', 'yes', 'no', 'absent']],
        ['carrier-cut', ['absent', 'yes', 'yes', 'flaky']],
      ],
    );
    assert.deepEqual(over([{ name: 'a', run: runOf([invalidRun()]) }])[0]!.marks, ['invalid']);
  });

  it('leaves open what was not measured, and leaves out what never was', () => {
    const [, cut] = over(RUNS);
    const detection = cut!.figures.find(({ name }) => name === 'detection')!;
    assert.deepEqual(
      [detection.medians, detection.first, detection.last],
      [[null, 3010, 3010, 3010], '3.01 s', '3.01 s'],
    );
    assert.ok(!over(RUNS)[0]!.figures.some(({ name }) => name === 'detection'));
    assert.match(trendText(RUNS, over(RUNS)), /detection +·███ {2}3\.01 s → 3\.01 s/);
  });

  it('is a page that asks for nothing, and has a line broken where a run has none', () => {
    const html = trendHtml(RUNS, over(RUNS));
    assert.match(
      html,
      /aria-label="detection, from 3\.01 s to 3\.01 s"><path d="M74\.7 4\.0L145\.3 4\.0L216\.0 4\.0"/,
    );
    assert.doesNotMatch(html, /<script|https?:|\sstyle=/);
  });

  it('has hostile names as text', () => {
    const evil = [{ name: '<img src=x>', run: runOf([hostile()]) }];
    assert.doesNotMatch(trendHtml(evil, over(evil)), /<img|<script/);
    assert.doesNotMatch(trendText(evil, over(evil)), /\u001b/);
  });

  it('shows what never came as the highest there is', () => {
    const never = steady();
    never.calls = never.calls.map((call) => ({ ...call, ringbackAt: null }));
    const runs = [...RUNS.slice(0, 1), { name: 'never', run: runOf([never]) }];
    assert.match(trendText(runs, over(runs)), /p95 ringback +██ .* → never/);
    assert.doesNotMatch(trendHtml(runs, over(runs)), /NaN|Infinity/);
  });
});
