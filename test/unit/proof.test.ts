import assert from 'node:assert/strict';
import { clearDirection, clearLink, type LinkState } from '../../src/emulator/contract.js';
import { proveState, wilson } from '../../src/faults/proof.js';
import type { PlannedLink } from '../../src/plan/types.js';
import type { ProbeSeries } from '../../src/runfolder/journal.js';

const link: PlannedLink = {
  name: 'sbc--carrier-a',
  a: { node: 'sbc', interface: 'carrier-a' },
  b: { node: 'carrier-a', interface: 'sbc' },
  impaired: true,
};
const series = (from: string, received: number, sent = 10, delayMs: number | null = 0.2): ProbeSeries => ({
  link: link.name,
  from,
  sent,
  received,
  delayMs: received === 0 ? null : delayMs,
});
const control = [series('desk', 10)];
const cut: LinkState = {
  aToB: { ...clearDirection, cut: 'blackhole' },
  bToA: { ...clearDirection, cut: 'blackhole' },
};
const holds = (state: LinkState, ...impaired: ProbeSeries[]) =>
  proveState(link, state, impaired, control).holds;

describe('proof of a fault', () => {
  it('believes a cut that no probe crossed, and no other', () => {
    assert.equal(holds(cut, series('sbc', 0), series('carrier-a', 0)), true);
    assert.equal(holds(cut, series('sbc', 1), series('carrier-a', 0)), false);
    assert.equal(holds(clearLink, series('sbc', 0), series('carrier-a', 0)), false);
  });

  it('looks at each direction apart', () => {
    const oneWay: LinkState = { aToB: cut.aToB, bToA: clearDirection };
    assert.equal(holds(oneWay, series('sbc', 0), series('carrier-a', 10)), true);
    assert.equal(holds(oneWay, series('sbc', 10), series('carrier-a', 0)), false);
  });

  it('finds loss on a link that should be clear', () => {
    assert.equal(holds(clearLink, series('sbc', 10), series('carrier-a', 10)), true);
    assert.equal(holds(clearLink, series('sbc', 9), series('carrier-a', 10)), false);
  });

  it('holds loss to its confidence interval, both ways', () => {
    const lossy: LinkState = { aToB: { ...clearDirection, lossShare: 0.1 }, bToA: clearDirection };
    assert.equal(holds(lossy, series('sbc', 268, 300), series('carrier-a', 300, 300)), true);
    assert.equal(holds(lossy, series('sbc', 300, 300), series('carrier-a', 300, 300)), false);
    assert.equal(holds(lossy, series('sbc', 180, 300), series('carrier-a', 300, 300)), false);
  });

  it('holds the delay', () => {
    const slow: LinkState = { aToB: { ...clearDirection, delayMs: 80 }, bToA: clearDirection };
    assert.equal(holds(slow, series('sbc', 10, 10, 81), series('carrier-a', 10)), true);
    assert.equal(holds(slow, series('sbc', 10, 10, 1), series('carrier-a', 10)), false);
    assert.equal(holds(slow, series('sbc', 10, 10, 130), series('carrier-a', 10)), false);
  });

  it('proves nothing when the control path fails, or without a probe', () => {
    assert.equal(proveState(link, cut, [series('sbc', 0)], [series('desk', 0)]).holds, false);
    assert.equal(proveState(link, cut, [], control).holds, false);
  });

  it('has the published Wilson interval', () => {
    // 10 of 100 at z = 3.29, worked by hand: (0.1 + z²/200) / (1 + z²/100) = 0.13907, half-width 0.10157.
    const [low, high] = wilson(10, 100);
    assert.ok(Math.abs(low - 0.0375) < 0.0005, String(low));
    assert.ok(Math.abs(high - 0.24064) < 0.0005, String(high));
    assert.deepEqual(wilson(0, 0), [0, 1]);
  });
});
