import assert from 'node:assert/strict';
import { queueFigures } from '../../../src/faults/queue-figures.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { BurstSeries } from '../../../src/runfolder/journal.js';

const FRAME_BITS = 1250 * 8;
/** At 1 Mbit/s a frame takes 10 ms: 40 of them in 400 ms, in front of a queue that is full. */
const burst: BurstSeries = {
  link: 'sbc--carrier-a',
  from: 'sbc',
  rule: null,
  sent: 80,
  received: 41,
  bitsPerS: [1e6, 1e6],
  lengthMs: 400,
  idleMs: 0,
  frameBits: FRAME_BITS,
  arrived: 41,
  others: 0,
  spanMs: 400,
  fullWaitMs: 110,
};
type Queue = Parameters<typeof impairmentOf>[0];

function verdicts(fields: Queue, met: Partial<BurstSeries> = {}, emulator: 'wire' | 'netem' = 'wire') {
  const found = queueFigures({ ...burst, ...met }, impairmentOf({ rate: 1e6, ...fields }), emulator);
  return Object.fromEntries(found.map(({ what, holds }) => [what, holds]));
}

describe('proof of what is behind a rate', () => {
  it('holds the wait behind a full queue to what it takes, in ms and in packets', () => {
    assert.deepEqual(verdicts({}), {});
    assert.deepEqual(verdicts({ queue: { ms: 100 } }), { queue: true });
    assert.deepEqual(verdicts({ queue: { packets: 10 } }), { queue: true });
    for (const fullWaitMs of [60, 160]) {
      assert.deepEqual(verdicts({ queue: { ms: 100 } }, { fullWaitMs }), { queue: false });
      assert.deepEqual(verdicts({ queue: { packets: 10 } }, { fullWaitMs }), { queue: false });
    }
    assert.deepEqual(verdicts({ delay: 40, queue: { ms: 100 } }, { fullWaitMs: 150 }), { queue: true });
  });

  it('allows for frames of others, for a prober that was held up, and for netem’s way to count', () => {
    assert.deepEqual(verdicts({ queue: { packets: 10 } }, { fullWaitMs: 60, others: 5 }), { queue: true });
    assert.deepEqual(verdicts({ queue: { ms: 100 } }, { fullWaitMs: 80, idleMs: 30 }), { queue: true });
    assert.deepEqual(verdicts({ queue: { ms: 100 } }, { fullWaitMs: 92 }), { queue: false });
    assert.deepEqual(verdicts({ queue: { ms: 100 } }, { fullWaitMs: 92 }, 'netem'), { queue: true });
  });

  it('does not know what the burst was too short for', () => {
    assert.deepEqual(verdicts({ queue: { ms: 300 } }), { queue: null });
    assert.deepEqual(verdicts({ queue: { ms: 100 } }, { fullWaitMs: null }), { queue: null });
  });

  it('takes what passed beyond the rate for the bucket', () => {
    const bucket = (frames: number, fields: Queue = { burst: 12_500 }) =>
      verdicts(fields, { arrived: 41 + frames });
    assert.deepEqual(bucket(10), { burst: true });
    assert.deepEqual(bucket(0), { burst: false });
    assert.deepEqual(bucket(30), { burst: false });
    assert.deepEqual(bucket(0, { burst: 1250 }), { burst: null });
    assert.deepEqual(verdicts({ burst: 12_500 }, { spanMs: null }), { burst: null });
  });
});
