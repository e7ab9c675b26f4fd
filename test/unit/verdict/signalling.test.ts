import assert from 'node:assert/strict';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import { judgeExpectation } from '../../../src/verdict/expectations.js';
import {
  call,
  expectation,
  journal,
  measuresOf,
  planOf,
  type ExpectationFields,
} from '../../fixtures/measures.js';

function judged(of: ExpectationFields & { only?: number[] }, calls: CallMeasure[]) {
  const plan = planOf(calls, {});
  const measured = { plan, truth: injectedTruth(plan, journal(plan)), measures: measuresOf(plan, calls) };
  const { verdict, measured: value, summary, unit } = judgeExpectation(expectation(of), measured);
  return { verdict, value, summary, unit };
}

describe('expectations of signalling', () => {
  it('response-codes: another final response is one too many, and so is none', () => {
    const only = { kind: 'response-codes' as const, only: [200, 486] };
    const with486 = [call(1), call(2, { answered: false, finalStatus: 486 })];
    assert.deepEqual(judged(only, with486), {
      verdict: 'pass',
      value: 0,
      summary: 'All of 2 calls got 200 or 486.',
      unit: 'calls',
    });
    const bad = [...with486, call(3, { answered: false }), call(4, { answered: false, finalStatus: null })];
    assert.deepEqual([judged(only, bad).verdict, judged(only, bad).value], ['fail', 2]);
    assert.match(judged(only, bad).summary, /^2 of 4 calls got 503, no answer where only 200 or 486 may be/);
  });

  it('caller-id-lost and number-lost: calls that came to somebody, and if none did nobody knows', () => {
    const numbers = (arrived: string | null) => ({
      caller: { sent: '+12025550142', arrived },
      dialled: { sent: '+12025550100', arrived: '+12025550100' },
      evidence: [],
    });
    const lost = { kind: 'caller-id-lost' as const };
    assert.equal(judged(lost, [call(1, { numbers: numbers('2025550142') }), call(2)]).verdict, 'pass');
    assert.match(
      judged(lost, [call(1, { numbers: numbers(null) })]).summary,
      /^1 of 1 call lost the caller's number: \+12025550142 became nothing/,
    );
    assert.equal(judged({ kind: 'number-lost' }, [call(1, { numbers: numbers(null) })]).verdict, 'pass');
    assert.equal(judged(lost, [call(1)]).verdict, 'invalid');
  });

  it('codec-mismatch: refusals for it, and packets nobody announced', () => {
    const at = (unannounced: number) => ({ announced: ['PCMU'], received: ['PCMU'], unannounced });
    const codecs = (unannounced: number) => ({ caller: at(unannounced), callee: at(0), evidence: [] });
    const none = { kind: 'codec-mismatch' as const };
    assert.equal(judged(none, [call(1, { codecs: codecs(0) })]).verdict, 'pass');
    assert.equal(judged(none, [call(1, { codecs: codecs(3) })]).verdict, 'fail');
    assert.equal(judged(none, [call(1, { answered: false, finalStatus: 488 })]).value, 1);
    assert.equal(
      judged(none, [call(1, { answered: false })]).verdict,
      'invalid',
      'refused for another reason',
    );
  });
});
