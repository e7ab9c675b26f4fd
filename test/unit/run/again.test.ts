import assert from 'node:assert/strict';
import { untilTrusted } from '../../../src/run/again.js';
import type { ScenarioResult } from '../../../src/verdict/types.js';
import { carrierCut, invalidRun, missedTwin } from '../../fixtures/results.js';

/** Attempts that come to these results in turn, and what became of them. */
async function attempts(again: number, results: ScenarioResult[], signal = new AbortController().signal) {
  const aside: string[] = [];
  let made = 0;
  const { result } = await untilTrusted(
    { again, signal },
    () => Promise.resolve({ result: results[made++]! }),
    ({ id }, number) => {
      aside.push(`${id} ${number}`);
      return Promise.resolve({ folder: `earlier_attempts/${id}.${number}`, problems: [] });
    },
  );
  return { made, aside, verdict: result.verdict, earlier: result.earlier?.map(({ folder }) => folder) };
}

describe('measuring until it can be trusted', () => {
  const { id } = invalidRun();

  it('asks again after invalid, and tells where the earlier attempts are', async () => {
    assert.deepEqual(await attempts(2, [invalidRun(), invalidRun(), carrierCut()]), {
      made: 3,
      aside: [`${id} 1`, `${id} 2`],
      verdict: 'pass',
      earlier: [`earlier_attempts/${id}.1`, `earlier_attempts/${id}.2`],
    });
  });

  it('never asks twice for a verdict', async () => {
    const once = (verdict: string) => ({ made: 1, aside: [], verdict, earlier: undefined });
    assert.deepEqual(await attempts(5, [missedTwin()]), once(missedTwin().verdict));
    assert.deepEqual(await attempts(5, [carrierCut()]), once('pass'));
  });

  it('is not repeated if what it left can not be kept, and says so', async () => {
    const { result } = await untilTrusted(
      { again: 2, signal: new AbortController().signal },
      () => Promise.resolve({ result: invalidRun() }),
      () => Promise.reject(new Error('no space left on device')),
    );
    assert.equal(result.earlier, undefined);
    const codes = result.instrument.problems.map(({ code }) => code);
    assert.deepEqual(codes, [...invalidRun().instrument.problems.map(({ code }) => code), 'ATTEMPT_UNKEPT']);
  });

  it('ends with invalid after so many times, and at once if it is interrupted', async () => {
    const { made, verdict } = await attempts(1, [invalidRun(), invalidRun()]);
    assert.deepEqual([made, verdict], [2, 'invalid']);
    assert.equal((await attempts(0, [invalidRun()])).made, 1);
    assert.equal((await attempts(3, [invalidRun()], AbortSignal.abort())).made, 1);
  });
});
