import assert from 'node:assert/strict';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { ringbackScore, scorecard } from '../../../src/verdict/scorecard.js';
import { call, callsBy, ear, journal, measuresOf, planOf } from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';

function scored(calls: CallMeasure[], faults: PlannedFault[] = []) {
  const plan = planOf(calls, { faults });
  return scorecard({ plan, truth: injectedTruth(plan, journal(plan)), measures: measuresOf(plan, calls) });
}
const healthy = callsBy(80, () => ({}));
const theCut = [cut(1, 10_000, 20_000)];
const goodCalls = callsBy(80, (n) => ({ tried: n < 20 || n >= 50 ? ['a'] : n < 24 ? ['a', 'b'] : ['b'] }));

describe('scorecard', () => {
  it('gives full marks to a healthy day', () => {
    assert.deepEqual(scored(healthy), { ringback: 100, audio: 100, failback: 100, overall: 100 });
  });

  it('scores ringback by its worst tenth', () => {
    assert.deepEqual(
      [0, 2000, 4000, 6000, 8500, 11_000, 99_000].map(ringbackScore),
      [100, 100, 75, 50, 25, 0, 0],
    );
    const slow = callsBy(20, (n) => ({ ringsAfterMs: n < 2 ? [4000, 6000][n]! : 100 }));
    assert.equal(scored(slow).ringback, 62.5);
    assert.equal(scored(callsBy(10, (n) => ({ answered: n !== 0 }))).ringback, 0);
  });

  it('scores audio by the worse ear, and a call that ends deaf by nothing', () => {
    const half = { caller: ear({ heardShare: 0.5 }), callee: ear() };
    assert.equal(scored([call(0), call(1, { ears: half })]).audio, 75);
    assert.equal(scored([call(0), call(1, { ears: half, oneWayAtEnd: true })]).audio, 50);
    assert.equal(scored([call(0, { answered: false })]).audio, null);
  });

  it('scores failback by excess moves, failed premature calls and coming home', () => {
    assert.equal(scored(goodCalls, theCut).failback, 100);
    assert.equal(scored(goodCalls).failback, 100 * Math.exp(-1));
    assert.equal(
      scored(goodCalls.with(30, call(30, { tried: ['a'], answered: false })), theCut).failback,
      90,
    );
    const lost = goodCalls.map((one, n) =>
      n >= 24 && n < 40 && n % 4 > 0 ? call(n, { answered: false }) : one,
    );
    assert.equal(scored(lost, theCut).failback, 0, 'never below');
    const blind = callsBy(80, (n) => ({ tried: n >= 20 && n < 40 ? ['a', 'b'] : ['a'] }));
    assert.equal(scored(blind, theCut).failback, 0, 'who never left cannot come home');
    assert.equal(scored(blind.slice(0, 43), theCut).failback, 0);
    const never = callsBy(80, (n) => ({ tried: n < 20 ? ['a'] : ['b'] }));
    assert.equal(scored(never, theCut).failback, 0);
    assert.equal(scored(never.slice(0, 43), theCut).failback, null, 'too few calls to come home');
    assert.equal(scored(never.slice(0, 43), theCut).overall, null);
  });

  it('is as good as the worst axis', () => {
    assert.equal(scored(goodCalls).overall, 100 * Math.exp(-1));
  });
});
