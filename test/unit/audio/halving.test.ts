import assert from 'node:assert/strict';
import { halveRate } from '../../../src/audio/halving.js';
import { SignatureSource, signatureKey } from '../../../src/audio/signature.js';

const tone = (hz: number) =>
  Int16Array.from({ length: 8000 }, (_, i) => 10_000 * Math.cos((2 * Math.PI * hz * i) / 16_000));
const dB = (hz: number): number => {
  const out = halveRate(tone(hz)).subarray(100, 3900);
  return 20 * Math.log10(Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / out.length) / 7071);
};

describe('halving the rate', () => {
  for (const hz of [0.001, 300, 1000, 2187.5, 3359.375])
    it(`leaves ${hz} Hz as it is`, () =>
      assert.ok(Math.abs(dB(hz) - (hz < 1 ? 3.01 : 0)) < 0.1, `${dB(hz)}`));

  for (const hz of [4700, 5000, 6500, 7900])
    it(`takes ${hz} Hz out`, () => assert.ok(dB(hz) < -45, `${dB(hz)}`));

  it('adds no delay: a signature at 16 kHz becomes that at 8 kHz', () => {
    const key = signatureKey(1, 'call', 'from-caller');
    const [wide, narrow] = [new Int16Array(32_000), new Int16Array(16_000)];
    new SignatureSource(key, 1234.5, 16_000).next(wide);
    new SignatureSource(key, 1234.5, 8000).next(narrow);
    const halved = halveRate(wide);
    // But for the corners of the hops, of which the filter takes what is above 4 kHz.
    const far = narrow.reduce((count, value, i) => count + (Math.abs(value - halved[i]!) > 500 ? 1 : 0), 0);
    assert.ok(far < 0.02 * narrow.length, `${far}`);
  });
});
