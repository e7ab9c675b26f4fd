import assert from 'node:assert/strict';
import { rateFigure, unprobedRate } from '../../../src/faults/figures.js';
import { probed, unprovenFigure } from '../../../src/faults/probed.js';
import { queueFigures } from '../../../src/faults/queue-figures.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { BurstSeries } from '../../../src/runfolder/journal.js';

/** 40 frames of 1250 bytes at 1 Mbit/s, and one of others. */
const burst: BurstSeries = {
  link: 'sbc--carrier-a',
  from: 'sbc',
  rule: 1,
  sent: 80,
  received: 41,
  bitsPerS: [1e6, 1e6],
  lengthMs: 400,
  idleMs: 0,
  frameBits: 10_000,
  arrived: 41,
  others: 1,
  spanMs: 400,
  fullWaitMs: 110,
};

describe('a figure from probes', () => {
  it('says so, who sent them, and the rule that they met', () => {
    const whose = { from: 'sbc', rule: 1, by: 'probes' };
    const { from, rule, by } = rateFigure(burst, 1e6);
    assert.deepEqual({ from, rule, by }, whose);
    assert.deepEqual(probed(burst), whose);
  });

  it('neither holds nor contradicts where it is unproven, with what was met all the same', () => {
    const requested: [number, number] = [4, 4];
    const figure = { ...probed(burst), what: 'jitter', unit: 'ms', requested } as const;
    const unproven = 'too few arrived';
    assert.deepEqual(unprovenFigure(figure, unproven), {
      ...figure,
      achieved: null,
      interval: null,
      holds: null,
      unproven,
    });
    assert.deepEqual(unprovenFigure(figure, unproven, { achieved: 3, interval: [0, 6] }), {
      ...figure,
      achieved: 3,
      interval: [0, 6],
      holds: null,
      unproven,
    });
    const rate = impairmentOf({ rate: 1e6 }).rate!;
    assert.equal(unprobedRate({ from: 'sbc', rule: 1, rate }, unproven).holds, null);
  });

  it('takes frames of others for the shortest or the longest that Ethernet has', () => {
    const [queue] = queueFigures(burst, impairmentOf({ rate: 1e6, queue: { packets: 10 } }), 'wire');
    const [low, high] = queue!.requested;
    // Nine of 60 bytes before it; ten of 1514 before it and itself.
    assert.equal(low.toFixed(3), '4.320');
    assert.equal(high!.toFixed(3), '133.232');
  });
});
