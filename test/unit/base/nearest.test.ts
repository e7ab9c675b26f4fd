import assert from 'node:assert/strict';
import { nearest, suggestion } from '../../../src/base/nearest.js';

describe('nearest', () => {
  it('finds what a typo was meant to be, whatever its case', () => {
    assert.equal(nearest('blakhole', ['reject', 'blackhole']), 'blackhole');
    assert.equal(nearest('flaping', ['FLAPPING', 'NO_RINGBACK']), 'FLAPPING');
  });

  it('takes the nearer of two', () => {
    assert.equal(nearest('carrier-c', ['carrier-bb', 'carrier-a']), 'carrier-a');
  });

  it('finds nothing where nothing is near', () => {
    assert.equal(nearest('dns', ['cut', 'impair']), null);
    assert.equal(nearest('x', ['at', 'in']), null);
    assert.equal(nearest('x', []), null);
  });

  it('suggests the nearest, or lists what there is', () => {
    assert.equal(suggestion('cutt', ['cut', 'impair'], 'faults'), 'Did you mean "cut"?');
    assert.equal(suggestion('dns', ['cut', 'impair'], 'faults'), 'There is: cut, impair.');
    assert.equal(suggestion('dns', [], 'faults'), 'There are no faults.');
  });
});
