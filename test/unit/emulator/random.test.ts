import assert from 'node:assert/strict';
import { randomStream } from '../../../src/emulator/random.js';

const take = (key: string, count: number) => {
  const stream = randomStream(key);
  return Array.from({ length: count }, () => stream.next());
};

describe('randomStream', () => {
  it('is fixed by its key', () => {
    assert.deepEqual(take('7/left--right/a-to-b', 50), take('7/left--right/a-to-b', 50));
    assert.notDeepEqual(take('7/left--right/a-to-b', 50), take('7/left--right/b-to-a', 50));
  });

  it('is uniform in [0, 1): chi-squared over 20 bins below its 99.9 % point', () => {
    const bins = new Array<number>(20).fill(0);
    const draws = take('uniform', 20_000);
    for (const draw of draws) {
      assert.ok(draw >= 0 && draw < 1);
      bins[Math.floor(draw * 20)]!++;
    }
    const chiSquared = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chiSquared < 43.82, `chi-squared ${chiSquared} with 19 degrees of freedom`);
  });

  it('has no correlation from one number to the next', () => {
    const draws = take('serial', 20_000).map((draw) => draw - 0.5);
    const product = draws.slice(1).reduce((sum, draw, index) => sum + draw * draws[index]!, 0);
    const correlation = product / draws.reduce((sum, draw) => sum + draw * draw, 0);
    assert.ok(Math.abs(correlation) < 3.29 / Math.sqrt(20_000), `lag-1 correlation ${correlation}`);
  });
});
