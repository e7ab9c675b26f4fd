import assert from 'node:assert/strict';
import { LossDraws } from '../../../src/emulator/chain/loss.js';
import { ReorderDraws } from '../../../src/emulator/chain/reorder.js';
import { randomStream } from '../../../src/emulator/random.js';
import { expectedReorder } from '../../../src/faults/expected.js';
import { expectedLoss, expectedShare } from '../../../src/plan/long-run.js';
import { bothLost, remembers } from '../../../src/plan/neighbours.js';
import { burstLoss } from '../../../src/plan/impairments.js';
import type { Loss } from '../../../src/plan/impairment.js';

const PACKETS = 200_000;

/** What the emulator's own draws come to, from a fixed seed. */
function drawn(loss: Loss): { share: number; meanBurst: number; both: number } {
  const draws = new LossDraws(randomStream('moves'), randomStream('losses'));
  const fates = Array.from({ length: PACKETS }, () => draws.loses(loss));
  const lost = fates.filter(Boolean).length;
  const bursts = fates.filter((fate, index) => fate && fates[index - 1] !== true).length;
  return { share: lost / PACKETS, meanBurst: lost / bursts, both: (lost - bursts) / PACKETS };
}

describe('what a model of loss comes to in the long run', () => {
  const models: Record<string, Loss> = {
    random: { kind: 'random', share: 0.02, correlation: 0 },
    'random, correlated': { kind: 'random', share: 0.1, correlation: 0.25 },
    'random, much correlated': { kind: 'random', share: 0.3, correlation: 0.6 },
    'Gilbert–Elliott': { kind: 'gilbert-elliott', p: 0.01, r: 0.2, h: 0.3, k: 0.99 },
    'four states': { kind: 'four-state', p13: 0.02, p31: 0.3, p32: 0.2, p23: 0.4, p14: 0.01 },
    pattern: { kind: 'pattern', lose: [false, false, true, false] },
  };
  for (const [name, loss] of Object.entries(models))
    it(`agrees with the emulator's draws: ${name}`, () => {
      const { share, correlation } = expectedLoss(loss);
      // Five standard deviations, as if only so many packets were independent.
      const independent = (PACKETS * (1 - correlation)) / (1 + correlation);
      const room = 5 * Math.sqrt((share * (1 - share)) / independent) + 0.0005;
      const met = drawn(loss).share;
      assert.ok(Math.abs(met - share) < room, `${met} where ${share} ± ${room} was expected`);
    });

  for (const [name, loss] of Object.entries(models))
    it(`agrees with the emulator's draws about neighbours: ${name}`, () => {
      const expected = bothLost(loss);
      const room = 6 * Math.sqrt(expected / PACKETS) + 0.0003 + 0.02 * expected;
      const met = drawn(loss).both;
      assert.ok(Math.abs(met - expected) < room, `${met} where ${expected} ± ${room} was expected`);
      assert.equal(remembers(loss), name !== 'random');
    });

  it('has bursts of the length and the rate asked for', () => {
    const { share, meanBurst } = drawn(burstLoss({ rate: 0.02, length: 4 }));
    assert.ok(Math.abs(share - 0.02) < 0.004, String(share));
    assert.ok(Math.abs(meanBurst - 4) < 0.4, String(meanBurst));
    assert.equal(expectedLoss(burstLoss({ rate: 0.02, length: 4 })).share.toFixed(9), '0.020000000');
  });

  it('agrees with the draws of overtaking, with a gap', () => {
    for (const gap of [1, 5]) {
      const reorder = { share: 0.25, correlation: 0, gap };
      const draws = new ReorderDraws(randomStream('reorder'));
      const n = Array.from({ length: PACKETS }, () => draws.goesAtOnce(reorder)).filter(Boolean).length;
      assert.ok(Math.abs(n / PACKETS - expectedReorder(reorder)) < 0.005, `gap ${gap}: ${n / PACKETS}`);
    }
  });

  it('keeps what is certain', () => {
    for (const correlation of [0, 0.3, 1]) {
      assert.equal(expectedShare({ share: 0, correlation }), 0);
      assert.equal(expectedShare({ share: 1, correlation }), 1);
    }
  });
});
