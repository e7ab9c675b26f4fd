import assert from 'node:assert/strict';
import { LatenessHistogram } from '../../../src/emulator/lateness.js';

describe('lateness', () => {
  it('is known to within 5 %, and its maximum exactly', () => {
    const histogram = new LatenessHistogram();
    for (let n = 1; n <= 1000; n++) histogram.add(n / 100);
    const { frames, p50Ms, p99Ms, maxMs } = histogram.summary();
    assert.equal(frames, 1000);
    assert.ok(Math.abs(p50Ms / 5 - 1) < 0.05, `${p50Ms}`);
    assert.ok(Math.abs(p99Ms / 9.9 - 1) < 0.05, `${p99Ms}`);
    assert.equal(maxMs, 10);
  });

  it('is nothing without frames, and takes any', () => {
    const histogram = new LatenessHistogram();
    assert.deepEqual(histogram.summary(), { frames: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
    for (const lateMs of [-0.001, 0, 1e9]) histogram.add(lateMs);
    assert.equal(histogram.summary().maxMs, 1e9);
    assert.ok(histogram.summary().p50Ms < 0.01);
  });
});
