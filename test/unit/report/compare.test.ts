import assert from 'node:assert/strict';
import { comparisonText } from '../../../src/report/compare-text.js';
import { compareRuns } from '../../../src/report/compare.js';
import type { ScenarioResult } from '../../../src/verdict/types.js';
import { carrierCut, runOf, steady } from '../../fixtures/results.js';

/** Repeats of a scenario: one for each verdict, with these overall scores. */
const repeats = (verdicts: ScenarioResult['verdict'][], overall: number[] = []): ScenarioResult[] =>
  verdicts.map((verdict, index) => ({
    ...carrierCut(),
    id: `carrier-cut.${index + 1}`,
    verdict,
    asExpected: verdict === 'pass',
    scorecard: { ...carrierCut().scorecard, overall: overall[index] ?? 80 },
  }));
const compare = (before: ScenarioResult[], after: ScenarioResult[]) =>
  compareRuns([
    { name: 'old', run: runOf(before) },
    { name: 'new', run: runOf(after) },
  ]);
const changeOf = (before: ScenarioResult[], after: ScenarioResult[]) => compare(before, after)[0]?.change;

describe('compareRuns', () => {
  it('takes repeats together, and tells better, worse, flaky and same apart', () => {
    const [good, bad, mixed] = [
      repeats(['pass', 'pass']),
      repeats(['fail', 'fail']),
      repeats(['pass', 'fail']),
    ];
    assert.equal(changeOf(good, good), 'same');
    assert.equal(changeOf(good, bad), 'worse');
    assert.equal(changeOf(bad, good), 'better');
    assert.equal(changeOf(good, mixed), 'flaky');
    assert.equal(changeOf(mixed, good), 'better');
    assert.equal(compare(good, good).length, 1);
  });

  it('does not take what could not be trusted for better or worse', () => {
    assert.equal(changeOf(repeats(['pass']), repeats(['invalid'])), 'unknown');
    assert.equal(changeOf(repeats(['pass', 'invalid']), repeats(['pass'])), 'same');
    assert.equal(compare(repeats(['pass', 'invalid']), [])[0]?.columns[0]?.invalid, 1);
  });

  it('knows what is new and what is gone', () => {
    assert.deepEqual(
      compare([steady()], [carrierCut()]).map(({ id, change }) => [id, change]),
      [
        ['steady', 'gone'],
        ['carrier-cut', 'new'],
      ],
    );
  });

  it('says that a figure moved only where the ranges of repeats are apart', () => {
    const three: ScenarioResult['verdict'][] = ['pass', 'pass', 'pass'];
    const moved = (before: number[], after: number[]) =>
      compare(repeats(three, before), repeats(three, after))[0]?.moved;
    assert.deepEqual(moved([70, 75, 80], [82, 90, 91]), [{ figure: 'overall score', change: 'better' }]);
    assert.deepEqual(moved([82, 90, 91], [70, 75, 80]), [{ figure: 'overall score', change: 'worse' }]);
    assert.deepEqual(moved([70, 75, 85], [82, 90, 91]), []);
    const once = compare(repeats(['pass'], [10]), repeats(['pass'], [90]))[0];
    assert.deepEqual(once?.moved, [], 'one run each shows no range');
  });

  it('gives the interval of the share that went as it should', () => {
    const [low = NaN, high = NaN] =
      compare(repeats(['pass', 'pass', 'pass']), [])[0]?.columns[0]?.interval ?? [];
    assert.ok(Math.abs(low - 0.4385) < 1e-3 && high === 1, `${low} ${high}`);
  });

  it('reads as text', () => {
    const runs = [
      { name: 'old', run: runOf(repeats(['pass', 'fail'])) },
      { name: 'new', run: runOf([steady()]) },
    ];
    const text = comparisonText(runs, compareRuns(runs));
    assert.match(
      text,
      /^carrier-cut: gone\n {2}old {2}1 of 2 as expected \(95 %: 9\.5 % to 90\.5 %\); p95 ringback 2\.76 s/,
    );
    assert.match(text, /\n {2}new {2}not run\n/);
    assert.match(text, /\n0 better, 0 worse, 0 flaky, 0 same, 1 new, 1 gone, 0 unknown\n$/);
  });

  const twin = (defect: string, asExpected = true): ScenarioResult => ({
    ...carrierCut(),
    id: `carrier-cut@${defect}`,
    verdict: 'fail',
    asExpected,
  });
  const textOf = (...runs: ScenarioResult[][]) => {
    const named = runs.map((scenarios, index) => ({ name: `run-${index}`, run: runOf(scenarios) }));
    return comparisonText(named, compareRuns(named));
  };

  it('names what is unchanged in a line, and still tells what is as wrong as ever', () => {
    const all = [...repeats(['pass', 'pass']), twin('no-probing'), twin('no-ear'), steady()];
    const wrong = [twin('no-alarm', false), { ...steady(), id: 'uneasy', asExpected: false }];
    assert.equal(
      textOf([...all, ...wrong], [...all, ...wrong]),
      [
        '4 unchanged: carrier-cut, @no-probing, @no-ear, steady (figures: --json)',
        '2 unchanged, and not as expected: carrier-cut@no-alarm, uneasy (figures: --json)',
        '',
        '0 better, 0 worse, 0 flaky, 6 same, 0 new, 0 gone, 0 unknown',
        '',
      ].join('\n'),
    );
  });

  it('shows in full what differs in any run, was not trusted or has moved figures', () => {
    const good = repeats(['pass', 'pass', 'pass']);
    const isInFull = (...runs: ScenarioResult[][]) => /^carrier-cut: same/.test(textOf(...runs));
    assert.ok(!isInFull(good, good, good));
    assert.ok(isInFull(good, repeats(['pass', 'fail', 'pass']), good), 'flaky in between');
    assert.ok(isInFull(good, repeats(['fail']), good), 'failed in between');
    assert.ok(isInFull(good, [], good), 'not run in between');
    assert.ok(isInFull(repeats(['pass', 'invalid']), repeats(['pass'])), 'a run not trusted');
    assert.ok(isInFull(good, repeats(['pass', 'pass', 'pass'], [10, 11, 12])), 'scored less');
    assert.match(
      textOf([...good, steady()], [steady()]),
      /^carrier-cut: gone\n.*\n.*\n1 unchanged: steady \(/,
    );
  });
});
