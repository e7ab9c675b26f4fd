import assert from 'node:assert/strict';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure, EarMeasure } from '../../../src/measures/types.js';
import { judgeExpectation } from '../../../src/verdict/expectations.js';
import {
  call,
  callsBy,
  ear,
  expectation,
  journal,
  measuresOf,
  planOf,
  type ExpectationFields,
} from '../../fixtures/measures.js';

function judged(of: ExpectationFields, calls: CallMeasure[]) {
  const plan = planOf(calls, { faults: [] });
  const truth = injectedTruth(plan, journal(plan));
  return judgeExpectation(expectation(of), { plan, truth, measures: measuresOf(plan, calls) });
}
const atMost = (value: number) => ({ operator: '<=' as const, value });
const atLeast = (value: number) => ({ operator: '>=' as const, value });
const both = (overrides: Partial<EarMeasure>) => ({ ears: { caller: ear(overrides), callee: ear() } });

describe('expectations of media', () => {
  it('hole-in-call follows each call to its end, whichever side it was that did not hear', () => {
    // Call 3 is up from 2.5 to 6.5 s.
    const outages = [{ startMs: 3000, endMs: 4500 }];
    const holed = callsBy(5, (n) => (n === 3 ? both({ outages }) : {}));
    const hole = { kind: 'hole-in-call' as const, statistic: 'max', bound: atMost(1000) };
    const result = judged(hole, holed);
    assert.deepEqual(
      [result.verdict, result.measured, result.threshold, result.unit],
      ['fail', 1500, '≤ 1 s', 'ms'],
    );
    assert.match(result.summary, /^1 of 5 answered calls had a hole .* max is 1\.5 s\.$/);
    assert.match(result.evidence[0]?.note ?? '', /^office-out-3 /);
    assert.equal(judged({ ...hole, bound: atMost(1500) }, holed).verdict, 'pass');
    assert.deepEqual(
      judged(
        hole,
        callsBy(3, () => ({})),
      ).measured,
      0,
    );
  });

  it('hole-in-call is invalid where an ear is unknown, unless the call was too short for it to matter', () => {
    const unknown = callsBy(3, (n) => (n === 1 ? both({ heardShare: null }) : {}));
    const hole = { kind: 'hole-in-call' as const, statistic: 'max', bound: atMost(1000) };
    assert.equal(judged(hole, unknown).verdict, 'invalid');
    assert.equal(judged({ ...hole, bound: atMost(4000) }, unknown).verdict, 'pass', 'it was up for 4 s');
    assert.equal(judged(hole, [call(1, { answered: false })]).verdict, 'invalid');
  });

  it('late-packets counts at every ear what came', () => {
    const packets = { received: 100, lost: 5, late: 20, jitterMs: 1 };
    const late = { kind: 'late-packets' as const, bound: atMost(0.05) };
    const result = judged(late, [call(1, both({ packets }))]);
    assert.deepEqual([result.verdict, result.measured], ['fail', 20 / 300]);
    assert.equal(judged(late, [call(1)]).verdict, 'pass');
    const nothing = ear({ packets: null });
    assert.equal(judged(late, [call(1, { ears: { caller: nothing, callee: nothing } })]).verdict, 'invalid');
  });

  it('quality is that of the worst ears, and unknown where one is', () => {
    const calls = callsBy(40, (n) => both({ mos: n < 3 ? 2 : 4 }));
    const of = (statistic: string) => judged({ kind: 'quality', statistic, bound: atLeast(3.6) }, calls);
    assert.deepEqual([of('min').verdict, of('min').measured, of('min').unit], ['fail', 2, 'MOS']);
    assert.deepEqual([of('p5').verdict, of('p5').measured, of('p5').threshold], ['pass', 4, '≥ 3.60']);
    const unknown = callsBy(2, (n) => both({ mos: n === 0 ? null : 4 }));
    assert.equal(judged({ kind: 'quality', statistic: 'p5', bound: atLeast(1) }, unknown).verdict, 'invalid');
    const unheard = callsBy(2, (n) => both(n === 0 ? { mos: null, heardShare: 0 } : {}));
    assert.equal(judged({ kind: 'quality', statistic: 'min', bound: atLeast(4) }, unheard).verdict, 'pass');
  });

  it('quality-off-model compares with what the emulator was told to take, and is invalid where nobody knows', () => {
    const told = (mos: number | null) => ({ packets: 200, lost: 10, mos });
    const ears = (mos: number, of: EarMeasure['told']) => ({
      ears: { caller: ear({ mos, told: of! }), callee: ear({ mos: 4.4, told: told(4.4) }) },
    });
    const off = (statistic: string, calls: CallMeasure[]) =>
      judged({ kind: 'quality-off-model', statistic, bound: atMost(0.2) }, calls);
    const calls = [call(1, ears(3.5, told(3.9))), call(2, ears(3.9, told(3.9)))];
    assert.deepEqual([off('max', calls).verdict, off('max', calls).measured?.toFixed(2)], ['fail', '0.40']);
    assert.deepEqual([off('mean', calls).verdict, off('mean', calls).measured?.toFixed(2)], ['pass', '0.10']);
    assert.equal(off('max', [call(1, ears(4.4, null))]).verdict, 'invalid');
    assert.equal(off('max', [call(1, ears(4.4, told(null)))]).verdict, 'invalid');
  });
});
