import assert from 'node:assert/strict';
import { measureFailover } from '../../../src/measures/failover.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import { callsBy, journal } from '../../fixtures/measures.js';
import { cut, plan } from '../../fixtures/plans.js';

describe('premature calls', () => {
  it('counts a call once, also where the hold-down of one outage reaches into the next', () => {
    const early = callsBy(80, (n) => ({
      tried: n < 20 || (n >= 42 && n !== 44) ? ['a'] : n < 24 ? ['a', 'b'] : ['b'],
    }));
    const { lab } = plan();
    const faults = [cut(1, 10_000, 20_000), cut(2, 21_500, 22_500, { entry: 1 })];
    const held = plan({
      faults,
      lab: { ...lab, values: { ...lab.values, 'hold-down-s': 4 } },
    });
    const ids = measureFailover(held, injectedTruth(held, journal(held)), early).prematureCalls.map(
      ({ id }) => id,
    );
    assert.ok(ids.length > 0);
    assert.equal(new Set(ids).size, ids.length);
  });
});
