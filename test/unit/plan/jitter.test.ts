import assert from 'node:assert/strict';
import { expectedDelay } from '../../../src/faults/expected.js';
import { longestJitterMs } from '../../../src/plan/jitter.js';
import { impairmentOf } from '../../../src/plan/impairments.js';

describe('how far jitter reaches', () => {
  it('is its half-width if uniform, and else four standard deviations', () => {
    assert.equal(longestJitterMs({ jitterMs: 10, distribution: 'uniform' }), 10);
    assert.equal(longestJitterMs({ jitterMs: 10, distribution: 'normal' }), 40);
  });

  it('is how far a median can be pushed back by those in front', () => {
    const median = (distribution: 'uniform' | 'normal') =>
      expectedDelay(impairmentOf({ delay: 50, jitter: 10, distribution }));
    assert.deepEqual(median('uniform'), [50, 60]);
    assert.deepEqual(median('normal'), [50, 90]);
  });
});
