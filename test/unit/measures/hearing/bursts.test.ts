import assert from 'node:assert/strict';
import { lossPattern } from '../../../../src/measures/hearing/bursts.js';
import { randomFrom } from '../../../fixtures/streams.js';

const of = (text: string) =>
  lossPattern(
    [...text].map((sign) => sign === 'x'),
    20,
  );
const near = (actual: number | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance,
    `${actual} instead of ${expected}`,
  );

describe('loss pattern (RFC 3611 §4.7.2, Gmin 16)', () => {
  it('a loss alone is in the gap', () => {
    const pattern = of(`${'.'.repeat(20)}x${'.'.repeat(20)}`);
    assert.deepEqual(pattern?.burst, { count: 0, meanMs: 0, density: 0 });
    near(pattern?.gap.density, 1 / 41);
    near(pattern?.gap.meanMs, 41 * 20);
  });

  for (const [received, bursts] of [
    [15, 1],
    [16, 0],
  ] as const)
    it(`${received} packets received between two losses make ${bursts} burst`, () => {
      assert.equal(of(`....x${'.'.repeat(received)}x....`)?.burst.count, bursts);
    });

  it('a burst goes from a loss to a loss', () => {
    const pattern = of(`${'.'.repeat(30)}xx..x${'.'.repeat(30)}`);
    assert.deepEqual(pattern?.burst, { count: 1, meanMs: 100, density: 0.6 });
    near(pattern?.gap.density, 0);
    near(pattern?.gap.meanMs, (60 * 20) / 2);
    near(pattern?.share, 3 / 65);
  });

  it('BurstR is 1 at random loss, though RFC 3611 finds bursts in it', () => {
    const random = randomFrom(1);
    const pattern = lossPattern(
      Array.from({ length: 20_000 }, () => random() < 0.05),
      20,
    );
    near(pattern?.burstR, 1, 0.05);
    assert.ok((pattern?.burst.count ?? 0) > 50 && pattern!.burst.meanMs > 200);
  });

  it('BurstR is 1/(p + q) of a chain of two states (ITU-T G.107 §7.5)', () => {
    const random = randomFrom(2);
    const [p, q] = [0.02, 0.25];
    let bad = false;
    const chain = Array.from({ length: 100_000 }, () => (bad = bad ? random() >= q : random() < p));
    near(lossPattern(chain, 20)?.burstR, 1 / (p + q), 0.15);
  });

  it('nothing sent, nothing said; all lost', () => {
    assert.equal(lossPattern([], 20), null);
    const all = of('xxxx');
    assert.deepEqual([all?.share, all?.burstR, all?.burst.density, all?.gap.meanMs], [1, 1, 1, 0]);
  });
});
