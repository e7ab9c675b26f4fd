import assert from 'node:assert/strict';
import { pictureOf } from '../../../../src/measures/details/picture.js';

const RATE_HZ = 8000;
const tone = (hz: number, amplitude: number, lengthMs: number) =>
  Float32Array.from(
    { length: (lengthMs * RATE_HZ) / 1000 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / RATE_HZ),
  );
/** Levels of one column, from the lowest band up. */
const column = ({ levels, bands }: ReturnType<typeof pictureOf>, at: number) =>
  [...levels].slice(at * bands, (at + 1) * bands).map(Number);

describe('pictureOf', () => {
  it('has a column every 20 ms, and no more than a page has room for', () => {
    const short = pictureOf(tone(1000, 0.5, 1000), RATE_HZ, 5000);
    assert.deepEqual([short.fromMs, short.columnMs, short.peaks.length], [5000, 20, 50]);
    const long = pictureOf(tone(1000, 0.5, 12_000), RATE_HZ, 0);
    assert.deepEqual([long.columnMs, long.peaks.length, long.levels.length], [50, 240, 240 * long.bands]);
  });

  it('shows a tone in its band, at its level', () => {
    for (const [hz, band] of [
      [560, 4],
      [2187.5, 17],
      [3700, 29],
    ] as const) {
      const levels = column(pictureOf(tone(hz, 1, 1000), RATE_HZ, 0), 25);
      assert.equal(levels.indexOf(Math.max(...levels)), band, `${hz} Hz`);
      assert.equal(levels[band], 7);
      assert.equal(levels[(band + 10) % 32], 0);
    }
    // 0 dB, −23 dB, −40 dB of full scale in steps of 6 dB from −56 dB.
    const middle = [1, 0.07, 0.01].map((amplitude) =>
      Math.max(...column(pictureOf(tone(1050, amplitude, 1000), RATE_HZ, 0), 25)),
    );
    assert.deepEqual(middle, [7, 5, 2]);
  });

  it('shows silence as nothing, and the loudest sample as full', () => {
    const silent = pictureOf(new Float32Array(8000), RATE_HZ, 0);
    assert.match(silent.levels, /^0+$/);
    assert.match(silent.peaks, /^0+$/);
    assert.equal(pictureOf(tone(1000, 1, 1000), RATE_HZ, 0).peaks[10], '_');
  });

  it('sees where the sound ends', () => {
    const samples = new Float32Array(16_000);
    samples.set(tone(2500, 0.16, 1000));
    const { peaks } = pictureOf(samples, RATE_HZ, 0);
    assert.equal(peaks.search(/0/), 50);
  });

  it('makes a picture of what is shorter than a column', () => {
    assert.equal(pictureOf(new Float32Array(10), RATE_HZ, 0).peaks.length, 1);
  });
});
