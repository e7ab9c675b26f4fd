import assert from 'node:assert/strict';
import { comfortNoise, noiseLevelDbov, noisePayload } from '../../../src/audio/comfort-noise.js';

const levelDbov = (samples: Int16Array): number =>
  20 * Math.log10(Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length) / 32767);

describe('comfort noise (RFC 3389)', () => {
  for (const level of [-30, -50, -65])
    it(`has the level asked for, ${level} dBov`, () => {
      assert.ok(Math.abs(levelDbov(comfortNoise(noisePayload(level), 8000, 1)) - level) < 0.5);
      assert.equal(noiseLevelDbov(noisePayload(level)), level);
    });

  it('has the spectrum asked for: one coefficient near −1 makes it dull', () => {
    const rough = (samples: Int16Array): number =>
      samples.reduce((sum, value, i) => sum + (value - (samples[i - 1] ?? 0)) ** 2, 0) /
      samples.reduce((sum, value) => sum + value ** 2, 0);
    const white = comfortNoise(Uint8Array.of(30), 8000, 1);
    const dull = comfortNoise(Uint8Array.of(30, 20), 8000, 1);
    assert.ok(Math.abs(rough(white) - 2) < 0.1 && rough(dull) < 0.4, `${rough(white)} ${rough(dull)}`);
    assert.ok(Math.abs(levelDbov(dull) + 30) < 0.5);
  });

  it('is nothing without a level, and the same for the same packet', () => {
    assert.deepEqual(comfortNoise(new Uint8Array(), 100, 1), new Int16Array(100));
    assert.equal(noiseLevelDbov(new Uint8Array()), null);
    assert.deepEqual(comfortNoise(noisePayload(-40), 500, 7), comfortNoise(noisePayload(-40), 500, 7));
  });

  it('takes any payload', () => {
    const hostile = Uint8Array.from({ length: 200 }, (_, i) => (i % 2 ? 255 : 0));
    assert.ok(comfortNoise(hostile, 1000, 1).every(Number.isFinite));
  });
});
