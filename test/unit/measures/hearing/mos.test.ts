import assert from 'node:assert/strict';
import { delayImpairment, mosEstimate, mosOf } from '../../../../src/measures/hearing/mos.js';

const near = (actual: number | null, expected: number): void => {
  assert.ok(actual !== null && Math.abs(actual - expected) < 0.0015, `${actual} instead of ${expected}`);
};
const at = (
  codec: string,
  percent: number,
  more: { burstR?: number; concealed?: boolean } = {},
): number | null => mosEstimate({ codec, lossShare: percent / 100, burstR: 1, oneWayDelayMs: 50, ...more });

describe('MOS estimate (check values of docs/measures.md §3)', () => {
  it('R to MOS', () => {
    near(mosOf(93.2062), 4.409);
    (
      [
        [90, 4.339],
        [80, 4.024],
        [70, 3.597],
        [60, 3.1],
        [50, 2.575],
      ] as const
    ).forEach(([r, mos]) => near(mosOf(r), mos));
    assert.equal(mosOf(-5), 1);
    assert.equal(mosOf(120), 4.5);
    assert.equal(mosOf(3), 1);
  });

  it('loss', () => {
    const losses = [1, 2, 5, 10];
    [4.328, 4.235, 3.923, 3.411].forEach((mos, i) => near(at('PCMU', losses[i]!), mos));
    [3.834, 3.256, 2.169, 1.481].forEach((mos, i) => near(at('PCMA', losses[i]!, { concealed: false }), mos));
    [3.946, 3.787, 3.34, 2.745].forEach((mos, i) => near(at('G729', losses[i]!), mos));
  });

  it('bursts', () => {
    (
      [
        [1, 3.923],
        [2, 3.864],
        [4, 3.829],
      ] as const
    ).forEach(([burstR, mos]) => near(at('PCMU', 5, { burstR }), mos));
  });

  it('delay', () => {
    (
      [
        [100, 0],
        [150, 0.16],
        [200, 3.04],
        [300, 14.76],
        [400, 24.07],
      ] as const
    ).forEach(([ms, id]) =>
      assert.ok(Math.abs(delayImpairment(ms) - id) < 0.006, `${ms} ms: ${delayImpairment(ms)}`),
    );
    near(
      mosEstimate({ codec: 'PCMU', lossShare: 0, burstR: 1, oneWayDelayMs: 300 }),
      mosOf(93.2062 - 14.757),
    );
  });

  it('no published constants, no estimate', () => {
    assert.equal(at('OPUS', 0), null);
  });
});
