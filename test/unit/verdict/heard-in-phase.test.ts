import assert from 'node:assert/strict';
import { heardInPhase } from '../../../src/verdict/heard-in-phase.js';
import { call, deafEar, ear } from '../../fixtures/measures.js';

// Answered at 1 s, ended at 5 s.
const cutAt = (atMs: number, ears = { caller: deafFrom(atMs), callee: deafFrom(atMs) }) =>
  call(0, { ears, oneWay: false, deadAir: true });
function deafFrom(atMs: number) {
  return ear({ outages: [{ startMs: atMs, endMs: 5000 }], heardShare: (atMs - 1000) / 4000 });
}
const baseline = (toMs: number) => ({ name: 'baseline' as const, fromMs: 0, toMs });
const found = (of: ReturnType<typeof call>, toMs: number) => {
  const heard = heardInPhase(of, baseline(toMs));
  return heard && { oneWay: heard.oneWay, deadAir: heard.deadAir, heardShare: heard.heardShare };
};

describe('heardInPhase', () => {
  it('takes from the baseline what was said before the first fault', () => {
    assert.deepEqual(found(cutAt(4000), 4000), { oneWay: false, deadAir: false, heardShare: 1 });
    assert.deepEqual(found(cutAt(4000), 6000), { oneWay: false, deadAir: true, heardShare: 0.75 });
  });

  it('still finds what was wrong before the first fault', () => {
    const oneEar = { caller: deafFrom(2500), callee: deafFrom(4000) };
    assert.deepEqual(found(cutAt(4000, oneEar), 4000), { oneWay: true, deadAir: false, heardShare: 0.5 });
    const never = { caller: deafEar(1000, 5000), callee: ear() };
    assert.deepEqual(found(cutAt(0, never), 4000), { oneWay: true, deadAir: false, heardShare: 0 });
  });

  it('leaves out what is too short to tell', () => {
    assert.equal(found(cutAt(2900), 2900), null);
    assert.notEqual(found(cutAt(3000), 3000), null);
  });

  it('does not know where an ear is unknown', () => {
    const unknown = { caller: ear({ heardShare: null }), callee: ear() };
    assert.deepEqual(found(cutAt(4000, unknown), 4000), { oneWay: null, deadAir: null, heardShare: null });
  });

  it('takes calls of every other phase whole', () => {
    const phase = { name: 'fault' as const, fromMs: 0, toMs: 4000 };
    assert.equal(heardInPhase(cutAt(4000), phase)?.deadAir, true);
    assert.equal(heardInPhase(cutAt(4000), null)?.heardShare, 0.75);
  });
});
