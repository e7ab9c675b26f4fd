import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type FrameOwner, HeldFrames } from '../../../src/emulator/held-frames.js';

const owner = (): FrameOwner => ({ held: 0 });

/** Takes out all frames, in the order in which they come: first byte and due time. */
function drain(frames: HeldFrames<FrameOwner>): [number, number][] {
  const out: [number, number][] = [];
  while (frames.firstDueMs < Infinity) {
    out.push([frames.firstFrame[0]!, frames.firstDueMs]);
    frames.release();
  }
  return out;
}

function hold(frames: HeldFrames<FrameOwner>, whose: FrameOwner, name: number, dueMs: number, departMs = 0) {
  frames.spare.writeUInt8(name);
  return frames.hold(whose, 60, departMs, dueMs);
}

describe('HeldFrames', () => {
  it('gives frames back as they are due, and in order of arrival where that is the same, bytes and all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 200 }), (dues) => {
        const frames = new HeldFrames<FrameOwner>(256);
        dues.forEach((due, name) => assert.ok(hold(frames, owner(), name, due)));
        const sorted = dues
          .map((due, name) => [name, due] as [number, number])
          .sort((x, y) => x[1] - y[1] || x[0] - y[0]);
        assert.deepEqual(drain(frames), sorted);
      }),
    );
  });

  it('knows length and owner of the first, and counts what an owner has', () => {
    const frames = new HeldFrames<FrameOwner>(4);
    const [one, other] = [owner(), owner()];
    frames.hold(one, 61, 0, 2);
    frames.hold(other, 62, 0, 1);
    frames.hold(one, 63, 0, 3);
    assert.equal(frames.firstOwner, other);
    assert.equal(frames.firstLength, 62);
    assert.deepEqual([one.held, other.held], [2, 1]);
    frames.release();
    assert.deepEqual([one.held, other.held], [2, 0]);
  });

  it('holds as many as it was made for, over several chunks, and again after they were released', () => {
    const frames = new HeldFrames<FrameOwner>(2500);
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 2500; n++) assert.ok(hold(frames, owner(), n % 256, n));
      assert.equal(hold(frames, owner(), 0, 3), false);
      frames.spare.fill(0xff);
      drain(frames).forEach(([name, due]) => assert.equal(name, due % 256));
    }
  });

  it('keeps the spare frame when a copy of it is held', () => {
    const frames = new HeldFrames<FrameOwner>(2);
    frames.spare.fill(7, 0, 60);
    assert.ok(frames.holdCopy(owner(), 60, 0, 0));
    assert.deepEqual(frames.spare.subarray(0, 60), Buffer.alloc(60, 7));
    frames.spare.fill(9);
    assert.deepEqual(frames.firstFrame.subarray(0, 60), Buffer.alloc(60, 7));
  });

  it('drops the frames of an owner and leaves those of others in order', () => {
    const frames = new HeldFrames<FrameOwner>(64);
    const [one, other] = [owner(), owner()];
    for (let n = 0; n < 40; n++) hold(frames, n % 3 === 0 ? one : other, n, (n * 7) % 40);
    assert.equal(
      frames.drop((whose) => whose === one),
      14,
    );
    assert.equal(one.held, 0);
    const left = drain(frames).map(([name]) => name);
    assert.equal(left.length, 26);
    assert.deepEqual(
      left,
      [...left].sort((x, y) => ((x * 7) % 40) - ((y * 7) % 40)),
    );
    for (let n = 0; n < 64; n++) assert.ok(hold(frames, one, n, n));
  });

  it('gives frames of an owner other times, in the same order', () => {
    const frames = new HeldFrames<FrameOwner>(8);
    const [one, other] = [owner(), owner()];
    hold(frames, one, 1, 30, 10); // leaves the queue at 10, delay 20
    hold(frames, one, 2, 40, 20);
    hold(frames, other, 3, 35, 20);
    hold(frames, one, 4, 40, 30); // due with the one before, as jitter may have it
    assert.equal(
      frames.retime(one, (departMs) => departMs / 2),
      30,
    );
    assert.deepEqual(drain(frames), [
      [1, 25],
      [2, 30],
      [4, 30],
      [3, 35],
    ]);
    assert.equal(
      frames.retime(one, (departMs) => departMs),
      -Infinity,
    );
  });
});
