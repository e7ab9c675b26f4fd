import assert from 'node:assert/strict';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { judgeExpectation } from '../../../src/verdict/expectations.js';
import {
  call,
  callsBy,
  deafEar,
  ear,
  expectation,
  type ExpectationFields,
  journal,
  measuresOf,
  planOf,
} from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';

function judged(of: ExpectationFields, calls: CallMeasure[], faults: PlannedFault[] = []) {
  const plan = planOf(calls, { faults });
  const truth = injectedTruth(plan, journal(plan));
  return judgeExpectation(expectation(of), { plan, truth, measures: measuresOf(plan, calls) });
}
const atMost = (value: number) => ({ operator: '<=' as const, value });
const atLeast = (value: number) => ({ operator: '>=' as const, value });
const theCut = [cut(1, 10_000, 20_000)];
const goodCalls = callsBy(80, (n) => ({ tried: n < 20 || n >= 50 ? ['a'] : n < 24 ? ['a', 'b'] : ['b'] }));
const blindCalls = callsBy(80, (n) => ({ tried: n >= 20 && n < 40 ? ['a', 'b'] : ['a'] }));

describe('judgeExpectation', () => {
  describe('times', () => {
    const p95 = { kind: 'time-to-ringback' as const, statistic: 'p95', bound: atMost(2000) };

    it('compares the statistic with its bound, in scope', () => {
      const calls = callsBy(20, (n) => ({ ringsAfterMs: n === 19 ? 9000 : 100 + n }));
      const result = judged(p95, calls);
      assert.deepEqual(
        [result.verdict, result.measured, result.threshold, result.unit],
        ['pass', 118, '≤ 2 s', 'ms'],
      );
      assert.equal(judged({ ...p95, statistic: 'max' }, calls).measured, 9000);
      assert.equal(judged({ ...p95, statistic: 'max' }, calls).verdict, 'fail');
      assert.match(judged(p95, calls).evidence[0]?.note ?? '', /^office-out-19 rang after 9 s/);
    });

    it('takes a call that never rang for endless', () => {
      const calls = callsBy(10, (n) => ({ answered: n !== 3 }));
      const result = judged(p95, calls);
      assert.deepEqual([result.verdict, result.measured], ['fail', null]);
      assert.match(result.summary, /^1 of 10 calls never rang, so the p95 is endless/);
      assert.match(result.evidence[0]?.note ?? '', /office-out-3 never rang/);
      assert.equal(judged({ ...p95, statistic: 'p50' }, calls).verdict, 'pass');
    });

    it('keeps signalled and audible ringing apart', () => {
      const calls = callsBy(10, () => ({ audibleRingbackAt: null }));
      assert.equal(judged(p95, calls).verdict, 'pass');
      assert.equal(judged({ ...p95, kind: 'time-to-audible-ringback' }, calls).verdict, 'fail');
    });

    it('is invalid for a phase or a flow without a call', () => {
      assert.equal(judged({ ...p95, phase: 'fault' }, goodCalls).verdict, 'invalid');
      assert.equal(judged({ ...p95, flow: 'office-in' }, goodCalls).verdict, 'invalid');
      assert.equal(judged({ ...p95, phase: 'converged' }, goodCalls.slice(0, 10), theCut).verdict, 'invalid');
    });

    it('judges only the calls of the phase', () => {
      assert.equal(
        judged({ ...p95, phase: 'converged', bound: atMost(300) }, goodCalls, theCut).verdict,
        'pass',
      );
      assert.equal(judged({ ...p95, phase: 'fault', bound: atMost(300) }, goodCalls, theCut).verdict, 'fail');
    });

    it('counts a call that the fault met unanswered as the fault’s, and not as the baseline’s', () => {
      const calls = callsBy(40, (n) => ({ ringsAfterMs: n === 19 ? 3000 : 100 }));
      const slowest = (phase: 'baseline' | 'fault') =>
        judged({ ...p95, statistic: 'max', phase }, calls, theCut).measured;
      assert.deepEqual([slowest('baseline'), slowest('fault')], [100, 3000]);
    });

    it('fails where a phase that good behaviour earns was never reached', () => {
      const result = judged({ ...p95, phase: 'converged' }, blindCalls, theCut);
      assert.deepEqual([result.verdict, result.measured], ['fail', null]);
    });
  });

  describe('audio', () => {
    const none = { kind: 'one-way-audio' as const };
    const withOneWay = (values: (boolean | null)[]) =>
      values.map((oneWay, n) => call(n, { oneWay, deadAir: oneWay, ears: { caller: ear(), callee: ear() } }));

    it('counts one-way and dead calls', () => {
      assert.equal(judged(none, withOneWay([false, false])).verdict, 'pass');
      const result = judged(none, withOneWay([false, true]));
      assert.deepEqual([result.verdict, result.measured, result.threshold], ['fail', 1, '≤ 0 calls']);
      assert.equal(judged({ kind: 'dead-air' }, withOneWay([false, true])).verdict, 'fail');
    });

    it('is invalid only where what is unknown decides', () => {
      assert.equal(judged(none, withOneWay([false, null])).verdict, 'invalid');
      assert.equal(judged(none, withOneWay([true, null])).verdict, 'fail');
      assert.equal(judged({ ...none, bound: atMost(1) }, withOneWay([false, null])).verdict, 'pass');
      assert.equal(judged(none, [call(1, { answered: false })]).verdict, 'invalid');
    });

    it('takes the mean of the worse ears', () => {
      const halves = [call(0, { ears: { caller: ear({ heardShare: 0.5 }), callee: ear() } }), call(1)];
      const share = { kind: 'heard-share' as const, bound: atLeast(0.98) };
      assert.deepEqual([judged(share, halves).verdict, judged(share, halves).measured], ['fail', 0.75]);
      assert.equal(judged(share, [call(1)]).verdict, 'pass');
      const unknown = call(0, { ears: { caller: ear({ heardShare: null }), callee: ear() } });
      assert.equal(judged(share, [unknown, call(1)]).verdict, 'invalid');
      assert.equal(judged(share, [call(0, { ears: { caller: deafEar(0, 1), callee: ear() } })]).measured, 0);
    });
  });

  it('judges shares of calls', () => {
    const answered = { kind: 'answered-share' as const, bound: atLeast(1) };
    assert.equal(
      judged(
        answered,
        callsBy(4, () => ({})),
      ).verdict,
      'pass',
    );
    const three = judged(
      answered,
      callsBy(4, (n) => ({ answered: n !== 2 })),
    );
    assert.deepEqual([three.verdict, three.measured, three.threshold], ['fail', 0.75, '≥ 100 %']);
    const calls = callsBy(4, (n) => ({ tried: n === 0 ? ['b'] : ['a'] }));
    const onTrunk = { kind: 'trunk-share' as const, bound: atLeast(0.75) };
    assert.equal(judged({ ...onTrunk, trunk: 'primary' }, calls).verdict, 'pass');
    assert.equal(judged({ ...onTrunk, trunk: 'backup' }, calls).verdict, 'fail');
    assert.equal(judged({ ...onTrunk, trunk: 'primary' }, [call(0, { trunk: null })]).verdict, 'invalid');
  });

  it('leaves a share open that calls which were never placed would decide', () => {
    const calls = callsBy(20, (n) =>
      n === 12 ? { inviteAt: null, answeredAt: null, ears: null, trunk: null } : {},
    );
    const plan = planOf(calls, {});
    const times = plan.calls.map((one, n) => ({ ...one, atMs: n * 500 }));
    const of = (fields: ExpectationFields) => {
      const measured = { ...plan, calls: times };
      return judgeExpectation(expectation(fields), {
        plan: measured,
        truth: injectedTruth(measured, []),
        measures: { ...measuresOf(measured, calls), phases: [{ name: 'baseline', fromMs: 0, toMs: 5000 }] },
      });
    };
    const answered = { kind: 'answered-share' as const, bound: atLeast(1) };
    assert.equal(of(answered).verdict, 'invalid');
    assert.match(of(answered).summary, /^1 call planned was never placed/);
    assert.equal(of({ ...answered, bound: atLeast(0.95) }).verdict, 'pass');
    assert.equal(of({ ...answered, phase: 'baseline' }).verdict, 'pass', 'it was planned later');
    assert.equal(of({ ...answered, flow: 'office-in' }).verdict, 'invalid');
    assert.equal(of({ kind: 'trunk-share', trunk: 'primary', bound: atLeast(1) }).verdict, 'invalid');
    assert.equal(of({ kind: 'trunk-share', trunk: 'backup', bound: atLeast(1) }).verdict, 'fail');
    assert.equal(of({ kind: 'heard-share', bound: atLeast(1) }).verdict, 'invalid');
    assert.equal(of({ kind: 'heard-share', bound: atLeast(0.9) }).verdict, 'pass');
  });

  describe('failover', () => {
    it('judges detection: never is a failure, nothing to detect is invalid', () => {
      const within = { kind: 'detection-time' as const, bound: atMost(6000) };
      assert.deepEqual(
        [judged(within, goodCalls, theCut).verdict, judged(within, goodCalls, theCut).measured],
        ['pass', 1999],
      );
      assert.equal(judged({ ...within, bound: atMost(1000) }, goodCalls, theCut).verdict, 'fail');
      assert.deepEqual(
        [judged(within, blindCalls, theCut).verdict, judged(within, blindCalls, theCut).measured],
        ['fail', null],
      );
      assert.equal(judged(within, goodCalls).verdict, 'invalid');
      assert.equal(judged(within, goodCalls.slice(0, 22), theCut).verdict, 'invalid');
    });

    it('judges the way home', () => {
      const settle = { kind: 'failback' as const, statistic: 'settle-time', bound: atMost(12_000) };
      assert.deepEqual(
        [judged(settle, goodCalls, theCut).verdict, judged(settle, goodCalls, theCut).measured],
        ['pass', 4999],
      );
      const never = callsBy(80, (n) => ({ tried: n < 20 ? ['a'] : ['b'] }));
      assert.deepEqual(
        [judged(settle, never, theCut).verdict, judged(settle, never, theCut).measured],
        ['fail', null],
      );
      const stayed = judged(settle, blindCalls, theCut);
      assert.deepEqual([stayed.verdict, stayed.measured], ['fail', null]);
      assert.match(stayed.summary, /^Traffic never left the primary, .*: 8 calls /);
      const excess = judged(
        { ...settle, statistic: 'excess-transitions', bound: atMost(0) },
        blindCalls,
        theCut,
      );
      assert.deepEqual([excess.verdict, excess.measured], ['pass', 0]);
      assert.equal(judged(settle, never.slice(0, 43), theCut).verdict, 'invalid');
      assert.equal(judged(settle, goodCalls).verdict, 'invalid');
    });

    it('judges excess transitions and premature calls', () => {
      const excess = { kind: 'failback' as const, statistic: 'excess-transitions' };
      assert.equal(judged(excess, goodCalls, theCut).verdict, 'pass');
      assert.deepEqual([judged(excess, goodCalls).verdict, judged(excess, goodCalls).measured], ['fail', 2]);
      assert.equal(judged(excess, goodCalls.slice(0, 4)).verdict, 'invalid');
      const premature = { kind: 'failback' as const, statistic: 'premature-calls' };
      assert.equal(judged(premature, goodCalls, theCut).verdict, 'pass');
      const relapse = goodCalls.with(30, call(30, { tried: ['a'] }));
      assert.deepEqual(
        [judged(premature, relapse, theCut).verdict, judged(premature, relapse, theCut).unit],
        ['fail', 'calls'],
      );
    });
  });
});
