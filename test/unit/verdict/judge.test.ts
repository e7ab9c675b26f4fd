import assert from 'node:assert/strict';
import type { Measures } from '../../../src/measures/types.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import { titleOf } from '../../../src/verdict/faults.js';
import { answered, good, judged, theCut, twin, unmet } from '../../fixtures/judged.js';
import * as fixture from '../../fixtures/measures.js';
import { call, callsBy } from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';

describe('judge', () => {
  it('passes a good run, in which nothing is diagnosed', () => {
    const result = judged(good);
    assert.deepEqual([result.verdict, result.asExpected, result.diagnoses], ['pass', true, []]);
    assert.deepEqual(
      result.faults.map(({ appliedAt, healedAt, proof }) => [appliedAt, healedAt, proof.applied?.holds]),
      [[10_001, 30_001, true]],
    );
  });

  it('is invalid when the instrument is, whatever else holds, and when nothing was expected', () => {
    const problems = [{ code: 'CLOCK_STEPPED', summary: '', evidence: [] }];
    for (const overrides of [{}, twin('FLAPPING')]) {
      const result = judged(good, overrides, { measures: { instrument: { pacingP99Ms: 1, problems } } });
      assert.deepEqual([result.verdict, result.asExpected], ['invalid', false]);
    }
    assert.equal(judged(good, { expectations: [] }).verdict, 'invalid');
  });

  it('fails what was not met; a healthy run that failed is not as expected', () => {
    const result = judged(good, { expectations: [answered, unmet] });
    assert.deepEqual([result.verdict, result.asExpected], ['fail', false]);
  });

  it('is degraded if all was met and yet something is diagnosed', () => {
    const result = judged(good.with(5, call(5, { ringsAfterMs: null })));
    assert.deepEqual(
      [result.verdict, result.asExpected, result.diagnoses[0]?.code],
      ['degraded', false, 'NO_RINGBACK'],
    );
  });

  it('wants a twin to fail for the promised reason', () => {
    const blind = callsBy(80, (n) => ({ tried: n >= 20 && n < 60 ? ['a', 'b'] : ['a'] }));
    assert.equal(judged(blind, twin('SLOW_DETECTION')).asExpected, true);
    assert.equal(judged(blind, twin('FLAPPING')).asExpected, false);
    assert.equal(judged(good, twin('SLOW_DETECTION')).asExpected, false);
    assert.equal(judged(blind, { ...twin('SLOW_DETECTION'), expectations: [answered] }).asExpected, false);
  });
});

describe('judge, of parts that throw', () => {
  const broken = (part: Partial<Measures>) => judged(good, {}, { measures: part });
  const codesOf = (result: ReturnType<typeof judged>) => result.instrument.problems.map(({ code }) => code);

  it('keeps the rest when an expectation throws', () => {
    const torn = {
      ...answered,
      id: 'e2',
      get phase(): never {
        throw new Error('torn page');
      },
    };
    const survived = judged(good, { expectations: [answered, torn] });
    assert.deepEqual(
      [survived.verdict, survived.expectations.map(({ verdict }) => verdict), codesOf(survived)],
      ['invalid', ['pass', 'invalid'], ['MEASURE_FAILED']],
    );
    assert.match(survived.instrument.problems[0]?.summary ?? '', /^expectation e2 .*: torn page$/);
  });

  it('keeps the rest when a family of diagnoses and the scorecard throw', () => {
    const { failover } = fixture.measuresOf(fixture.planOf(good, { faults: theCut }), good);
    const torn = {
      ...failover,
      get prematureCalls(): never {
        throw new Error('torn page');
      },
    };
    const result = broken({ failover: torn });
    assert.equal(result.verdict, 'invalid');
    assert.deepEqual(codesOf(result), ['MEASURE_FAILED', 'MEASURE_FAILED', 'MEASURE_FAILED']);
    assert.deepEqual(result.scorecard, { ringback: null, audio: null, failback: null, overall: null });
    assert.deepEqual(
      result.expectations.map(({ verdict }) => verdict),
      ['pass'],
    );
    assert.equal(result.calls.length, 80);
  });
});

describe('titleOf', () => {
  it('says what was done, in words', () => {
    assert.equal(titleOf(cut(1, 0, null)), 'cut blackhole');
    assert.equal(titleOf(cut(1, 0, null, { mode: 'one-way', from: 'desk' })), 'cut one-way from desk');
    const impairment = impairmentOf({ delay: 40, jitter: 5, loss: { random: 0.02 } });
    const impair = cut(1, 0, null, { kind: 'impair', from: null, only: null, impairment });
    assert.equal(titleOf(impair), 'impair: delay 40 ± 5 ms, loss 2 %');
    const only = { sip: { method: 'INVITE', first: 3 } };
    assert.equal(
      titleOf(cut(1, 0, null, { kind: 'block', from: 'desk', only })),
      'block from desk SIP INVITE, the first 3',
    );
    assert.equal(
      titleOf(cut(1, 0, null, { kind: 'replay', name: 'lte-drive', directions: [] })),
      'replay lte-drive',
    );
  });
});
