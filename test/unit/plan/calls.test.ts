import assert from 'node:assert/strict';
import { planCalls } from '../../../src/plan/calls.js';
import { plan } from '../../fixtures/plans.js';

describe('media ports of callers', () => {
  const [flow] = plan().flows;
  assert.ok(flow);

  it('stay below those of callees, and go round when their calls are long over', () => {
    const calls = planCalls([{ ...flow, startMs: 0, ratePerS: 10, holdMs: 4000 }], 1_200_000, 7);
    assert.equal(calls.length, 12_000);
    const last = new Map<number, number>();
    for (const { callerMediaPort, atMs } of calls) {
      assert.ok(callerMediaPort >= 20_000 && callerMediaPort < 30_000, `${callerMediaPort}`);
      assert.ok(atMs - (last.get(callerMediaPort) ?? -Infinity) > 64_000);
      last.set(callerMediaPort, atMs);
    }
  });

  it('run out where calls of before may still be up', () => {
    assert.throws(() => planCalls([{ ...flow, startMs: 0, ratePerS: 10, holdMs: 600_000 }], 1_200_000, 7), {
      code: 'CALLS_TOO_MANY',
    });
  });
});
