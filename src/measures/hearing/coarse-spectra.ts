import FFT from 'fft.js';
import { RATE_HZ } from '../../audio/source.js';
import { hann } from './windows.js';

/**
 * What share of a frame's energy tones have, roughly and fast: from every second or third sample, two frames to one transform.
 * What is above half of the rate that is left is mirrored to below it, at its level. Noise adds some 3/size to a share. For
 * finding the frames that are worth an exact look.
 */
export class CoarseSpectra {
  /** Mean square of either frame. */
  readonly powers = new Float64Array(2);
  private readonly fft: FFT;
  private readonly input: number[];
  private readonly output: number[];
  private readonly window: ReturnType<typeof hann>;
  private readonly energies = new Float64Array(2);
  private readonly bins: Int32Array;
  private readonly gains: Float64Array;

  /**
   * @param size samples taken of a frame, a power of two (of four: the transform is twice as fast)
   * @param stride every which sample is taken
   * @param hz the tones that `shares` tells of, none near half of the rate that is left
   */
  constructor(
    private readonly size: number,
    private readonly stride: number,
    hz: readonly number[],
  ) {
    this.fft = new FFT(size);
    this.input = new Array<number>(2 * size).fill(0);
    this.output = this.fft.createComplexArray() as number[];
    this.window = hann(size);
    const places = hz.map((tone) => placeOf(tone, RATE_HZ / stride, size));
    this.bins = Int32Array.from(places, (place) => Math.round(place));
    this.gains = Float64Array.from(places, (place) => 1 / responseAt(place - Math.round(place)));
  }

  /** Takes the frames that start at these samples. What is outside of the audio is silent. */
  take(audio: Int16Array, first: number, second: number): void {
    this.takeOne(audio, first, 0);
    this.takeOne(audio, second, 1);
  }

  /** Transforms what was taken. */
  transform(): void {
    this.fft.transform(this.output, this.input);
  }

  /** Shares 0–1 of each tone in one of the frames, into `into`. */
  shares(which: 0 | 1, into: Float64Array): void {
    const { bins, gains, output, size } = this;
    const scale = (this.window.tonePower(1) * this.window.squares) / (4 * this.energies[which]!);
    // Both frames are real: one is in the even part of the spectrum, and the other in the odd one.
    const sign = which === 0 ? 1 : -1;
    for (let tone = 0; tone < bins.length; tone++) {
      const bin = 2 * bins[tone]!;
      const mirrored = 2 * size - bin;
      const re = output[bin]! + sign * output[mirrored]!;
      const im = output[bin + 1]! - sign * output[mirrored + 1]!;
      into[tone] = (re * re + im * im) * scale * gains[tone]!;
    }
  }

  private takeOne(audio: Int16Array, start: number, which: 0 | 1): void {
    const { input, size, stride } = this;
    const { values } = this.window;
    const isInside = start >= 0 && start + stride * size <= audio.length;
    let energy = 0;
    for (let i = 0, at = start; i < size; i++, at += stride) {
      const value = (isInside ? audio[at]! : (audio[at] ?? 0)) * values[i]!;
      input[2 * i + which] = value;
      energy += value * value;
    }
    this.energies[which] = energy;
    this.powers[which] = energy / this.window.squares;
  }
}

/** Where a tone is in the spectrum, in bins. */
function placeOf(hz: number, rateHz: number, size: number): number {
  const place = ((hz % rateHz) / rateHz) * size;
  return Math.min(place, size - place);
}

/** Power of a tone so many bins (at most a half) beside the middle of one, under a Hann window. */
function responseAt(bins: number): number {
  if (bins === 0) return 1;
  return (Math.sin(Math.PI * bins) / (Math.PI * bins * (1 - bins * bins))) ** 2;
}
