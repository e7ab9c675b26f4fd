import assert from 'node:assert/strict';
import { FramePool, type FrameQueue } from '../../../src/emulator/frame-pool.js';

const emptyQueue = (): FrameQueue => ({ head: -1, tail: -1 });

describe('FramePool', () => {
  it('gives frames back in order, bytes and all, from several queues', () => {
    const pool = new FramePool(4);
    const queues = [emptyQueue(), emptyQueue()] as const;
    for (let n = 0; n < 4; n++) {
      pool.spare.writeUInt8(n);
      assert.ok(pool.hold(queues[n % 2]!, 60 + n, 100 + n));
    }
    for (const n of [0, 2]) {
      assert.equal(pool.firstDueMs(queues[0]), 100 + n);
      assert.equal(pool.firstLength(queues[0]), 60 + n);
      assert.equal(pool.firstFrame(queues[0])[0], n);
      pool.release(queues[0]);
    }
    assert.equal(pool.firstDueMs(queues[0]), Infinity);
    assert.equal(pool.firstFrame(queues[1])[0], 1);
  });

  it('holds as many as it was made for, and again after they were released', () => {
    const pool = new FramePool(3);
    const queue = emptyQueue();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 3; n++) assert.ok(pool.hold(queue, 60, n));
      assert.equal(pool.hold(queue, 60, 3), false);
      pool.spare.fill(0xff);
      for (let n = 0; n < 3; n++) {
        assert.equal(pool.firstDueMs(queue), n);
        pool.release(queue);
      }
    }
  });

  it('never reads into a frame that is held', () => {
    const pool = new FramePool(2);
    const queue = emptyQueue();
    pool.spare.fill(7);
    pool.hold(queue, 60, 0);
    pool.spare.fill(9);
    assert.equal(pool.firstFrame(queue)[0], 7);
  });
});
