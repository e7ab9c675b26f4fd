import assert from 'node:assert/strict';
import { quantileTable } from '../../../../src/emulator/chain/distribution.js';
import { normalCdf, normalQuantile } from '../../../../src/emulator/chain/normal.js';

describe('the normal distribution', () => {
  it('has its tabulated values (Abramowitz and Stegun, 26.1)', () => {
    for (const [x, p] of [
      [0, 0.5],
      [1, 0.841344746],
      [1.959963985, 0.975],
      [-3, 0.001349898],
    ] as const) {
      assert.ok(Math.abs(normalCdf(x) - p) < 1e-9, `${x}`);
      assert.ok(Math.abs(normalQuantile(p) - x) < 1e-6, `${p}`);
    }
    assert.deepEqual([normalCdf(-9), normalCdf(9)], [0, 1]);
  });
});

describe('quantile tables', () => {
  it('rise, and have the published moments', () => {
    for (const name of ['normal', 'pareto', 'paretonormal'] as const) {
      const table = Array.from(quantileTable(name)!);
      assert.equal(table.length, 4096);
      table.forEach((value, index) => assert.ok(index === 0 || value >= table[index - 1]!));
      const mean = table.reduce((sum, value) => sum + value, 0) / table.length;
      assert.ok(Math.abs(mean) < 0.05, `${name}: mean ${mean}`);
    }
  });

  it('are those that tc installs (iproute2 6.1), but for some thousandths of the jitter', () => {
    const installed = {
      normal: [-10607, -5525, 0, 5526, 10657],
      pareto: [-5081, -4362, -2622, 955, 7415],
      paretonormal: [-6462, -4652, -1966, 2097, 8225],
    };
    for (const [name, values] of Object.entries(installed))
      for (const [place, value] of values.entries()) {
        const own =
          quantileTable(name as keyof typeof installed)![[400, 1024, 2048, 3072, 3700][place]!]! * 8192;
        assert.ok(Math.abs(own - value) < 0.003 * 8192, `${name}: ${own} for ${value}`);
      }
  });
});
