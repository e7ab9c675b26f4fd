import assert from 'node:assert/strict';
import { rtpStatistics, type RtpStatisticsOptions } from '../../../src/evidence/rtp-statistics.js';

type Row = [sequence: number, timestamp: number, atMs: number];

const figures = (rows: Row[], options: RtpStatisticsOptions = {}, types: number[] = []) =>
  rtpStatistics(
    {
      sequence: Uint16Array.from(rows, ([sequence]) => sequence),
      timestamp: Uint32Array.from(rows, ([, timestamp]) => timestamp),
      atMs: Float64Array.from(rows, ([, , atMs]) => atMs),
      payloadType: Uint8Array.from(rows, (_, i) => types[i] ?? 0),
    },
    options,
  );

/** Packets 20 ms apart whose n-th has sequence number and timestamp n, 160 apart. */
const steady = (numbers: number[]): Row[] => numbers.map((n) => [n & 0xffff, (n * 160) >>> 0, n * 20]);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('rtpStatistics', () => {
  it('finds nothing wrong with a steady stream across a wrap of sequence numbers and timestamps', () => {
    const rows = range(65_000, 66_000).map((n): Row => [n & 0xffff, (n * 160 + 0xff600000) >>> 0, n * 20]);
    const { expected, received, lost, restarts, maxJitterMs, maxDeltaMs } = figures(rows);
    assert.deepEqual(
      { expected, received, lost, restarts, maxJitterMs, maxDeltaMs },
      { expected: 1000, received: 1000, lost: 0, restarts: 0, maxJitterMs: 0, maxDeltaMs: 20 },
    );
  });

  it('counts loss, duplicates and disorder apart', () => {
    const result = figures(steady([100, 101, 103, 102, 103, 106, 107, 99]));
    assert.equal(result.expected, 9);
    assert.equal(result.received, 8);
    assert.equal(result.lost, 2);
    assert.equal(result.duplicates, 1);
    assert.equal(result.outOfOrder, 2);
  });

  it('does not let duplicates hide loss', () => {
    const { lost, duplicates } = figures(steady([1, 1, 2, 2, 5]));
    assert.deepEqual({ lost, duplicates }, { lost: 2, duplicates: 2 });
  });

  it('takes what came late for late, however long the stream was before', () => {
    for (const missing of [1000, 1100, 1127, 1128]) {
      const order = range(700, 1400).filter((n) => n !== missing);
      order.splice(order.indexOf(missing + 3) + 1, 0, missing);
      const { duplicates, outOfOrder, lost } = figures(steady(order));
      assert.deepEqual({ duplicates, outOfOrder, lost }, { duplicates: 0, outOfOrder: 1, lost: 0 });
    }
  });

  it('takes a long cut for loss, and a new beginning for a restart', () => {
    const cut = figures(steady([...range(0, 50), ...range(5050, 5100)]));
    assert.deepEqual([cut.expected, cut.lost, cut.restarts, cut.ignored], [5100, 5000, 0, 0]);
    const anew = range(0, 50).map((n): Row => [30_000 + n, 99_999 + n * 160, 1000 + n * 20]);
    const restarted = figures([...steady(range(0, 50)), ...anew]);
    assert.deepEqual([restarted.expected, restarted.lost, restarted.restarts], [100, 0, 1]);
    assert.equal(restarted.received, 100);
    assert.equal(restarted.maxJitterMs, 0);
  });

  it('ignores a single packet that belongs nowhere', () => {
    const { expected, received, lost, ignored } = figures([
      ...steady(range(0, 10)),
      [40_000, 12_345, 195],
      ...steady(range(10, 20)),
    ]);
    assert.deepEqual([expected, received, lost, ignored], [20, 20, 0, 1]);
  });

  it('follows RFC 3550 A.8 for jitter', () => {
    // D: 4, −4, 0 ms. J: 4/16 = .25, .25 + 3.75/16 = .484375, .484375·15/16 = .4541015625
    const { jitterMs, maxJitterMs, meanJitterMs, maxDeltaMs } = figures([
      [1, 0, 0],
      [2, 160, 24],
      [3, 320, 40],
      [4, 480, 60],
    ]);
    assert.equal(jitterMs, 0.4541015625);
    assert.equal(maxJitterMs, 0.484375);
    assert.equal(meanJitterMs, (0.25 + 0.484375 + 0.4541015625) / 3);
    assert.equal(maxDeltaMs, 24);
  });

  it('uses the clock it is told', () => {
    const rows: Row[] = [
      [1, 0, 0],
      [2, 960, 20],
    ];
    assert.equal(figures(rows, { clockHz: 48_000 }).jitterMs, 0);
    assert.notEqual(figures(rows).jitterMs, 0);
  });

  it('leaves telephone events out of jitter, and counts them as packets', () => {
    const rows: Row[] = [...steady([0, 1]), [2, 320, 40], [3, 320, 60], [4, 320, 80], ...steady([5, 6])];
    const types = [0, 0, 101, 101, 101, 0, 0];
    const { received, maxJitterMs } = figures(rows, { eventTypes: new Set([101]) }, types);
    assert.deepEqual([received, maxJitterMs], [7, 0]);
    assert.ok(figures(rows, {}, types).maxJitterMs > 1);
  });

  it('has figures for no packet and for one', () => {
    assert.deepEqual([figures([]).expected, figures([]).lost, figures([]).maxDeltaMs], [0, 0, 0]);
    assert.deepEqual([figures(steady([5])).expected, figures(steady([5])).meanJitterMs], [1, 0]);
  });
});
