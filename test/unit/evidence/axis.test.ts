import assert from 'node:assert/strict';
import { axisFrom } from '../../../src/evidence/axis.js';

describe('axisFrom', () => {
  it('takes the epoch away', () => {
    const axis = axisFrom([{ atMs: 0, wallEpochMs: 1000 }]);
    assert.equal(axis(1250), 250);
    assert.equal(axis(900), -100);
  });

  it('interpolates between entries that differ, and keeps the offset outside', () => {
    // The wall clock gained 10 ms over 1000.
    const axis = axisFrom([
      { atMs: 1000, wallEpochMs: 5010 },
      { atMs: 0, wallEpochMs: 5000 },
    ]);
    assert.equal(axis(4000), -1000);
    assert.equal(axis(5505), 500);
    assert.equal(axis(6010), 1000);
    assert.equal(axis(7010), 2000);
  });

  it('stays increasing when the clock was set back', () => {
    const axis = axisFrom([
      { atMs: 0, wallEpochMs: 5000 },
      { atMs: 100, wallEpochMs: 1000 },
    ]);
    assert.equal(axis(5050), 50);
  });

  it('needs an entry', () => {
    assert.throws(() => axisFrom([]), /at least one clock entry/);
  });
});
