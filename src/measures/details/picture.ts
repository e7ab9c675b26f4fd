import FFT from 'fft.js';
import { hann } from '../hearing/windows.js';
import type { EarPicture } from './types.js';

/** More columns than this no page has room for. */
const MOST_COLUMNS = 240;
const SHORTEST_COLUMN_MS = 20;
const FFT_SIZE = 256;
const BANDS = 32;
/** Transforms for a column that is longer than one, spread over it. */
const MOST_LOOKS = 4;
const FLOOR_DB = -56;
const STEP_DB = 6;
const TOP_LEVEL = 7;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';

/**
 * The picture of a recording: waveform and spectrogram.
 * @param samples −1 … 1
 * @param fromMs where the first sample is on the lab axis
 */
export function pictureOf(samples: Float32Array, rateHz: number, fromMs: number): EarPicture {
  const lengthMs = (1000 * samples.length) / rateHz;
  const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.floor(lengthMs / SHORTEST_COLUMN_MS)));
  const perColumn = samples.length / columns;
  const spectrum = new BandLevels(samples);
  let peaks = '';
  let levels = '';
  for (let column = 0; column < columns; column++) {
    const from = Math.round(column * perColumn);
    const to = Math.round((column + 1) * perColumn);
    peaks += DIGITS[Math.min(63, Math.round(63 * Math.sqrt(peakOf(samples, from, to))))] ?? '0';
    levels += spectrum.of(from, to);
  }
  return { fromMs, columnMs: lengthMs / columns, peaks, levels, bands: BANDS, topHz: rateHz / 2 };
}

function peakOf(samples: Float32Array, from: number, to: number): number {
  let peak = 0;
  for (let i = from; i < to; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
  return peak;
}

/** Levels of the bands over stretches of a recording. */
class BandLevels {
  private readonly fft = new FFT(FFT_SIZE);
  private readonly window = hann(FFT_SIZE);
  private readonly input = new Array<number>(FFT_SIZE).fill(0);
  private readonly output = this.fft.createComplexArray() as number[];

  constructor(private readonly samples: Float32Array) {}

  /** A digit a band: the mean of what transforms in the stretch tell, the first at its middle. */
  of(from: number, to: number): string {
    const looks = Math.max(1, Math.min(MOST_LOOKS, Math.floor((to - from) / FFT_SIZE)));
    const powers = new Float64Array(BANDS);
    for (let look = 0; look < looks; look++)
      this.add(powers, Math.round(from + ((look + 0.5) * (to - from)) / looks - FFT_SIZE / 2));
    return Array.from(powers, (power) => levelOf(power / looks)).join('');
  }

  /** Adds the power of a frame, a full-scale tone being 1; what is outside of the recording is silent. */
  private add(powers: Float64Array, start: number): void {
    const { input, output, window, samples } = this;
    for (let i = 0; i < FFT_SIZE; i++) input[i] = (samples[start + i] ?? 0) * (window.values[i] ?? 0);
    this.fft.realTransform(output, input);
    // Σ|X|² over the bins of a tone is N·Σw²·A²/4 in one half of the spectrum (Parseval); A is 1 at full scale.
    const whole = (FFT_SIZE * window.squares) / 4;
    const binsPerBand = FFT_SIZE / 2 / BANDS;
    for (let bin = 0; bin < FFT_SIZE / 2; bin++) {
      const [re, im] = [output[2 * bin] ?? 0, output[2 * bin + 1] ?? 0];
      powers[Math.floor(bin / binsPerBand)]! += (re * re + im * im) / whole;
    }
  }
}

/** A digit; see EarPicture. */
function levelOf(power: number): string {
  const level = Math.floor((10 * Math.log10(power) - FLOOR_DB) / STEP_DB);
  return String(Math.min(TOP_LEVEL, Math.max(0, level)));
}
