import assert from 'node:assert/strict';
import FFT from 'fft.js';
import { signatureKey, SignatureSource, symbolAt, symbolsFrom } from '../../../src/audio/signature.js';

function play(source: SignatureSource, samples: number): Int16Array {
  const out = new Int16Array(samples);
  for (let at = 0; at < samples; at += 160) source.next(out.subarray(at, at + 160));
  return out;
}

describe('signature', () => {
  const key = signatureKey(7, 'office-out-1', 'from-caller');

  it('differs by run, call and direction', () => {
    const keys = [
      key,
      signatureKey(8, 'office-out-1', 'from-caller'),
      signatureKey(7, 'office-out-2', 'from-caller'),
      signatureKey(7, 'office-out-1', 'from-callee'),
    ];
    assert.equal(new Set(keys.map((each) => each.toString('hex'))).size, 4);
    assert.equal(key.length, 32);
  });

  it('keeps neighbours at least 3 apart, across blocks and before zero too', () => {
    const symbols = symbolsFrom(key, -1000, 5000);
    for (let i = 1; i < symbols.length; i++)
      assert.ok(Math.abs((symbols[i] ?? 0) - (symbols[i - 1] ?? 0)) >= 3, `at ${i - 1000}`);
    assert.equal(new Set(symbols).size, 16);
  });

  it('has any symbol without those before it', () => {
    const symbols = symbolsFrom(key, 1_000_000, 200);
    for (let i = 0; i < 200; i++) assert.equal(symbolAt(key, 1_000_000 + i), symbols[i]);
  });

  it('agrees with an unrelated one in about 6.2 % of symbols', () => {
    const count = 50_000;
    const other = symbolsFrom(signatureKey(7, 'office-out-2', 'from-caller'), 0, count);
    const agreements = symbolsFrom(key, 0, count).filter((symbol, i) => symbol === other[i]).length;
    assert.ok(Math.abs(agreements / count - 0.0625) < 0.004, `${agreements / count}`);
  });

  it('plays each symbol on its bin of 512, from its lab time on', () => {
    const startMs = 12345.3;
    const audio = play(new SignatureSource(key, startMs), 8000);
    const fft = new FFT(512);
    for (let n = Math.ceil(startMs / 60) + 1; n < (startMs + 900) / 60; n++) {
      const from = Math.ceil((n * 60 - startMs) * 8);
      const spectrum = fft.createComplexArray() as number[];
      // 410 samples, well inside the symbol, under a Hann window.
      const input = Array.from({ length: 512 }, (_, i) =>
        i < 410 ? (audio[from + 35 + i] ?? 0) * (1 - Math.cos((2 * Math.PI * i) / 410)) : 0,
      );
      fft.realTransform(spectrum, input);
      const squares = Array.from(
        { length: 257 },
        (_, bin) => spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2,
      );
      assert.equal(squares.indexOf(Math.max(...squares)), 140 + 5 * symbolAt(key, n));
    }
  });

  it('hops at the sample that its lab time says', () => {
    const early = play(new SignatureSource(key, 600), 1600);
    const late = play(new SignatureSource(key, 600 + 59.75), 1600);
    const [before, after] = [280 + 10 * symbolAt(key, 10), 280 + 10 * symbolAt(key, 11)];
    const stepAt = (audio: Int16Array, sample: number): number => {
      // y(n+1) + y(n−1) = 2·cos(ω)·y(n) as long as ω stays.
      const middle = audio.subarray(sample - 1, sample + 2);
      return (middle[0]! + middle[2]!) / middle[1]!;
    };
    const expected = (step: number): number => 2 * Math.cos((2 * Math.PI * step) / 1024);
    assert.ok(Math.abs(stepAt(early, 479) - expected(before)) < 0.05);
    assert.ok(Math.abs(stepAt(early, 481) - expected(after)) < 0.05);
    assert.ok(Math.abs(stepAt(late, 3) - expected(after)) < 0.05);
  });

  it('is a tone of −16.1 dBFS without clicks', () => {
    const audio = play(new SignatureSource(key, 0), 80_000);
    const meanSquare = audio.reduce((sum, value) => sum + value * value, 0) / audio.length;
    assert.ok(Math.abs(10 * Math.log10(meanSquare / (32767 ** 2 / 2)) + 16.1) < 0.05);
    let largestStep = 0;
    for (let i = 1; i < audio.length; i++)
      largestStep = Math.max(largestStep, Math.abs(audio[i]! - audio[i - 1]!));
    const peak = 32767 * 10 ** (-16.1 / 20);
    assert.ok(largestStep <= 2 * peak * Math.sin((Math.PI * (280 + 150)) / 1024) + 2);
  });
});
