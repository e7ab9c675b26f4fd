import { digitAt, HIGH_HZ, LOW_HZ } from '../../../audio/dtmf.js';
import { SAMPLES_PER_MS } from '../../../audio/source.js';
import { CoarseSpectra } from '../coarse-spectra.js';
import { Goertzels } from '../goertzel.js';
import { hann, powerOfDbm0 } from '../windows.js';

export const HOP_MS = 5;
export const WINDOW_MS = 24;
const HOP = HOP_MS * SAMPLES_PER_MS;
const WINDOW = WINDOW_MS * SAMPLES_PER_MS;

/** Each tone, and both together, of the energy. */
const LEAST_POWER = powerOfDbm0(-45);
const LEAST_SHARE = 0.6;

/** A coarse look takes 64 samples, every other one: 16 ms in the middle of the frame. */
const COARSE = { size: 64, stride: 2 };
const COARSE_HOP = 2;
/** Rather less than what is asked for, of both tones and of the weaker: the frame beside that of a digit has so much. */
const COARSE_SHARE = 0.38;
const COARSE_WEAKER = 0.03;
const COARSE_POWER = LEAST_POWER / 4;

const HANN = hann(WINDOW);
const HZ = [...LOW_HZ, ...HIGH_HZ];
const UNKNOWN = -2;
const NONE = -1;

/** Whether a digit's tones sound in each frame of 24 ms, every 5 ms, of audio at 8 kHz; worked out when asked for. */
export class DigitFrames {
  /** Frame f has its middle at 5·f ms. */
  readonly count: number;
  /** By frame: 4·row + column of the digit, −1 for none, −2 if nobody has looked closely. */
  private readonly digits: Int8Array;
  /** By frame that was looked at: mean square of both tones. */
  private readonly powers: Float64Array;
  private readonly windowed = new Float64Array(WINDOW);
  private readonly shares = new Float64Array(HZ.length);
  private readonly tones = new Goertzels(HZ);
  private readonly coarse = new CoarseSpectra(COARSE.size, COARSE.stride, HZ);

  constructor(private readonly audio: Int16Array) {
    this.count = Math.floor(audio.length / HOP) + 1;
    this.digits = new Int8Array(this.count).fill(UNKNOWN);
    this.powers = new Float64Array(this.count);
  }

  /** The digit of a frame if there is one, and it was found. */
  knownDigitAt(frame: number): string | null {
    const digit = this.digits[frame]!;
    return digit < 0 ? null : digitAt(digit >> 2, digit & 3);
  }

  /** Mean square of the strongest tones of both groups, whether they are a digit or not; 0 if it's too quiet for one. */
  powerAt(frame: number): number {
    this.look(frame);
    return this.powers[frame]!;
  }

  /**
   * Finds all digits: looks at every other frame, closely where a coarse look promises something, and around a digit for as
   * long as no more than `pause` frames are without one.
   */
  sample(pause: number): void {
    // Frames overlap by 80 %: no digit is in one frame alone.
    for (let frame = 0; frame < this.count; frame += 2 * COARSE_HOP) {
      const { coarse } = this;
      const start = frame * HOP - (COARSE.size * COARSE.stride) / 2;
      coarse.take(this.audio, start, start + COARSE_HOP * HOP);
      const isLoud = (which: 0 | 1) => coarse.powers[which]! > COARSE_POWER;
      if (!isLoud(0) && !isLoud(1)) continue;
      coarse.transform();
      for (const which of [0, 1] as const)
        if (isLoud(which) && this.promises(which)) this.lookAround(frame + COARSE_HOP * which, pause);
    }
  }

  private promises(which: 0 | 1): boolean {
    const { shares } = this;
    this.coarse.shares(which, shares);
    const low = shares[strongest(shares, 0)]!;
    const high = shares[strongest(shares, 4)]!;
    return low + high > COARSE_SHARE && Math.min(low, high) > COARSE_WEAKER;
  }

  private lookAround(frame: number, pause: number): void {
    for (const step of [-1, 1]) {
      let last = frame;
      let reach = 1;
      for (let at = frame; at >= 0 && at < this.count && Math.abs(at - last) <= reach; at += step) {
        this.look(at);
        if (this.digits[at]! < 0) continue;
        last = at;
        reach = pause + 1;
      }
    }
  }

  private look(frame: number): void {
    if (this.digits[frame] !== UNKNOWN) return;
    const { audio, windowed, tones } = this;
    const start = startOf(frame);
    const isInside = start >= 0 && start + WINDOW <= audio.length;
    let energy = 0;
    for (let i = 0; i < WINDOW; i++) {
      const value = (isInside ? audio[start + i]! : (audio[start + i] ?? 0)) * HANN.values[i]!;
      windowed[i] = value;
      energy += value * value;
    }
    this.digits[frame] = NONE;
    const all = energy / HANN.squares;
    if (all < LEAST_POWER) return;
    tones.correlate(windowed);
    const row = strongest(tones.squares, 0);
    const column = strongest(tones.squares, 4);
    const low = HANN.tonePower(tones.squares[row]!);
    const high = HANN.tonePower(tones.squares[column]!);
    const power = (this.powers[frame] = low + high);
    if (Math.min(low, high) > LEAST_POWER / 2 && power > LEAST_SHARE * all)
      this.digits[frame] = 4 * row + column - 4;
  }
}

/** First sample under the window. */
const startOf = (frame: number): number => frame * HOP - WINDOW / 2;

/** The place of the greatest of four. */
function strongest(values: Float64Array, from: number): number {
  let best = from;
  for (let i = from + 1; i < from + 4; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
