import type { CarrierReading } from '../../../src/faults/cut-figures.js';
import assert from 'node:assert/strict';
import { clearDirection, type LinkState } from '../../../src/emulator/contract.js';
import { proveState } from '../../../src/faults/proof.js';
import type { PlannedLink } from '../../../src/plan/planned-lab.js';
import { probeSeries } from '../../fixtures/result-parts.js';

const link: PlannedLink = {
  name: 'sbc--carrier-a',
  a: { node: 'sbc', interface: 'carrier-a' },
  b: { node: 'carrier-a', interface: 'sbc' },
  impaired: true,
};
type Cut = 'blackhole' | 'reject' | 'carrier-down';
const cutBoth = (cut: Cut): LinkState => ({
  aToB: { ...clearDirection, cut },
  bToA: { ...clearDirection, cut },
});
const ends = (sbc: CarrierReading['carrier'], carrier: CarrierReading['carrier']): CarrierReading[] => [
  { node: 'sbc', carrier: sbc },
  { node: 'carrier-a', carrier },
];

/** What becomes of a proof in which no probe arrives, but in a direction that lives. */
function proof(state: LinkState, refusals: number, carriers = ends(1, 1)) {
  const series = (from: string, cut: Cut | null) =>
    probeSeries({ link: link.name, from, delayMs: 0.2, ...(cut && { received: 0, refusals }) });
  return proveState({
    link,
    state,
    impaired: [series('sbc', state.aToB.cut), series('carrier-a', state.bToA.cut)],
    control: [probeSeries({ link: 'desk--lan', from: 'desk', delayMs: 0.2 })],
    bursts: [],
    carriers,
    unprobed: [],
    counted: [],
    lostByEmulator: new Map(),
    declared: [],
  });
}

describe('proof of the kind of a cut', () => {
  it('is that a black hole is silent, at ends that have their carrier', () => {
    assert.equal(proof(cutBoth('blackhole'), 0).holds, true);
    assert.match(proof(cutBoth('blackhole'), 1).reason, /refused 1 where 0 was asked for/);
    assert.equal(proof(cutBoth('blackhole'), 0, ends(1, 0)).holds, false);
  });

  it('is that a reject is heard by whoever sent', () => {
    assert.equal(proof(cutBoth('reject'), 10).holds, true);
    assert.match(proof(cutBoth('reject'), 0).reason, /from sbc: refused 0 where at least 1 was asked for/);
    assert.equal(proof(cutBoth('reject'), 10, ends(0, 0)).holds, false);
  });

  it('is that both ends lost their carrier', () => {
    assert.equal(proof(cutBoth('carrier-down'), 0, ends(0, 0)).holds, true);
    assert.match(
      proof(cutBoth('carrier-down'), 0, ends(0, 1)).reason,
      /from carrier-a: carrier there where gone was asked for/,
    );
    assert.equal(proof(cutBoth('carrier-down'), 0, ends(0, null)).holds, false);
    assert.equal(proof(cutBoth('carrier-down'), 0, []).holds, false);
  });

  it('is that the other direction of a one-way cut lives', () => {
    const oneWay: LinkState = { ...cutBoth('blackhole'), bToA: clearDirection };
    assert.equal(proof(oneWay, 0).holds, true);
    const told = proof(oneWay, 0);
    assert.deepEqual(
      told.figures.flatMap(({ from, what, achieved }) => (what === 'missing' ? [[from, achieved]] : [])),
      [
        ['sbc', 1],
        ['carrier-a', 0],
      ],
    );
  });
});
