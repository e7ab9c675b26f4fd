import assert from 'node:assert/strict';
import { isHeardThrough } from '../../../src/measures/heard-through.js';
import { judgeExpectation } from '../../../src/verdict/expectations.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import {
  call,
  callsBy,
  deafEar,
  ear,
  expectation,
  journal,
  measuresOf,
  planOf,
} from '../../fixtures/measures.js';
import { setUp } from '../../fixtures/node-faults.js';
import { cut } from '../../fixtures/plans.js';

/** What a call is whose media ended after its first second: each ear's class is of what it heard. */
const DEAD_AFTER_1_S = {
  ears: { caller: ear({ heardShare: 0.25 }), callee: ear({ heardShare: 0.25 }) },
  deadAir: true,
  oneWayAtEnd: true,
};

describe('a good call', () => {
  it('is heard by both sides all through', () => {
    assert.equal(isHeardThrough(call(1)), true);
    assert.equal(isHeardThrough(call(1, DEAD_AFTER_1_S)), false);
    assert.equal(isHeardThrough(call(1, { oneWay: true })), false);
    assert.equal(isHeardThrough(call(1, { ears: { caller: ear(), callee: deafEar(0, 1) } })), false);
    assert.equal(isHeardThrough(call(1, { ears: null })), null);
    assert.equal(isHeardThrough(call(1, { oneWay: null, deadAir: null })), null);
  });

  it('is what service is restored by', () => {
    const calls = callsBy(80, (n) => (n >= 20 && n < 40 ? DEAD_AFTER_1_S : {}));
    const plan = planOf(calls, { faults: [cut(1, 10_000, 20_000)] });
    const restored = expectation({ kind: 'restored', bound: { operator: '<=', value: 12_000 } });
    const truth = injectedTruth(plan, journal(plan));
    const { measured } = judgeExpectation(restored, { plan, truth, measures: measuresOf(plan, calls) });
    assert.equal(measured, 9999);
  });

  it('is what a node is back in service with', () => {
    const calls = callsBy(60, (n) => ({
      answered: n < 20 || n > 30,
      ...(n > 30 && n < 40 && DEAD_AFTER_1_S),
    }));
    assert.equal(setUp(calls).cycles[0]?.heardAt, 21_000);
  });
});
