import { SAMPLES_PER_MS } from '../../audio/source.js';
import { CoarseSpectra } from './coarse-spectra.js';
import { Goertzels } from './goertzel.js';
import { FULL_SCALE_POWER, hann } from './windows.js';

/** What sounds in one frame: which pair or single tone. Several signals share the 425 Hz of ETSI. */
export type Sound = '440+480' | '400+450' | '425' | '480+620' | '400' | 'sit' | 'fax';

const ALTERNATIVES: readonly { sound: Sound; tones: readonly number[] }[] = [
  { sound: '440+480', tones: [440, 480] },
  { sound: '400+450', tones: [400, 450] },
  { sound: '480+620', tones: [480, 620] },
  { sound: '425', tones: [425] },
  { sound: '400', tones: [400] },
  ...[913.8, 950, 985.2, 1370.6, 1400, 1428.5, 1776.7, 1800].map((hz) => ({
    sound: 'sit' as const,
    tones: [hz],
  })),
  ...[1100, 2100].map((hz) => ({ sound: 'fax' as const, tones: [hz] })),
];
export const SOUNDS = [...new Set(ALTERNATIVES.map(({ sound }) => sound))];
const HZ = [...new Set(ALTERNATIVES.flatMap(({ tones }) => tones))];
/** Each alternative by the places of its sound in SOUNDS, and of its tones in HZ; −1 for a second tone that isn't there. */
const PLACES = ALTERNATIVES.map(({ sound, tones }) => ({
  sound: SOUNDS.indexOf(sound),
  first: HZ.indexOf(tones[0]!),
  second: tones.length > 1 ? HZ.indexOf(tones[1]!) : -1,
}));

/** docs/measures.md §2, ringback. */
const WINDOW = 50 * SAMPLES_PER_MS;
export const HOP_MS = 10;
const HOP = HOP_MS * SAMPLES_PER_MS;
const MIN_POWER = FULL_SCALE_POWER * 10 ** (-45 / 10);
const MIN_FRACTION = 0.3;
/** Each tone of a pair must carry this much, so that one tone of a neighbouring pair doesn't stand for both. */
const MIN_PARTIAL = 0.1;

/** A coarse look takes 128 samples, every third: 48 of the 50 ms. */
const COARSE = { size: 128, stride: 3 };
/** Well under what is asked for: a coarse share is seldom off by so much, and a burst has many frames. */
const COARSE_FRACTION = 0.4 * MIN_FRACTION;
const COARSE_POWER = MIN_POWER / 4;

const HANN = hann(WINDOW);
const UNKNOWN = -2;
const NONE = -1;
const UNSAMPLED = 0xff;

/** The call-progress sound of each frame of 50 ms, every 10 ms, of audio at 8 kHz; worked out when asked for. */
export class ToneFrames {
  /** Frame f has its middle at 10·f ms. */
  readonly count: number;
  /** By frame: a bit for each of SOUNDS that it may be. */
  private readonly possible: Uint8Array;
  /** By frame: place in SOUNDS, −1 for none, −2 if nobody has looked. */
  private readonly sounds: Int8Array;
  /** By frame that somebody looked at: mean square. */
  private readonly powers: Float64Array;
  private readonly windowed = new Float64Array(WINDOW);
  private readonly shares = new Float64Array(HZ.length);
  private readonly tones = new Goertzels(HZ);
  private readonly coarse = new CoarseSpectra(COARSE.size, COARSE.stride, HZ);

  constructor(readonly audio: Int16Array) {
    this.count = Math.floor(audio.length / HOP) + 1;
    this.possible = new Uint8Array(this.count).fill(UNSAMPLED);
    this.sounds = new Int8Array(this.count).fill(UNKNOWN);
    this.powers = new Float64Array(this.count);
  }

  /** The frames of a part of the audio, beyond whose ends it is silent. What is known already is known there too. */
  part(from: number, to: number): ToneFrames {
    const part = new ToneFrames(this.audio.subarray(from, to));
    if (from % HOP !== 0) return part;
    const first = Math.ceil(WINDOW / 2 / HOP);
    const end = Math.floor((part.audio.length - WINDOW / 2) / HOP) + 1;
    if (end <= first) return part;
    const shift = from / HOP;
    part.possible.set(this.possible.subarray(shift + first, shift + end), first);
    part.sounds.set(this.sounds.subarray(shift + first, shift + end), first);
    part.powers.set(this.powers.subarray(shift + first, shift + end), first);
    return part;
  }

  /** The sound of a frame, as a place in SOUNDS; −1 for none. */
  soundAt(frame: number): number {
    this.look(frame);
    return this.sounds[frame]!;
  }

  /** Whether a frame that was looked at has this sound. */
  has(frame: number, sound: number): boolean {
    return this.sounds[frame] === sound;
  }

  /** Whether a frame may have this sound, by a coarse look. It must be one of those that were sampled. */
  mayHave(frame: number, sound: number): boolean {
    return (this.possible[frame]! & (1 << sound)) !== 0;
  }

  /** Mean square of a frame. */
  powerAt(frame: number): number {
    this.look(frame);
    return this.powers[frame]!;
  }

  /** Takes a coarse look at every `step`th frame. */
  sample(step: number): void {
    let waiting = -1;
    for (let frame = 0; frame < this.count; frame += step) {
      if (this.possible[frame] !== UNSAMPLED) continue;
      if (waiting < 0) waiting = frame;
      else {
        this.samplePair(waiting, frame);
        waiting = -1;
      }
    }
    if (waiting >= 0) this.samplePair(waiting, waiting);
  }

  private samplePair(first: number, second: number): void {
    const { coarse, possible } = this;
    coarse.take(this.audio, startOf(first), startOf(second));
    const [one, other] = [coarse.powers[0]! > COARSE_POWER, coarse.powers[1]! > COARSE_POWER];
    if (one || other) coarse.transform();
    possible[first] = one ? this.possibleIn(0) : 0;
    possible[second] = other ? this.possibleIn(1) : 0;
  }

  private possibleIn(which: 0 | 1): number {
    const { shares } = this;
    this.coarse.shares(which, shares);
    let sounds = 0;
    for (const { sound, first, second } of PLACES) {
      const sum = second < 0 ? shares[first]! : shares[first]! + shares[second]!;
      if (sum > COARSE_FRACTION) sounds |= 1 << sound;
    }
    return sounds;
  }

  private look(frame: number): void {
    if (this.sounds[frame] !== UNKNOWN) return;
    const { audio, windowed } = this;
    const start = startOf(frame);
    const isInside = start >= 0 && start + WINDOW <= audio.length;
    let energy = 0;
    for (let i = 0; i < WINDOW; i++) {
      const value = (isInside ? audio[start + i]! : (audio[start + i] ?? 0)) * HANN.values[i]!;
      windowed[i] = value;
      energy += value * value;
    }
    const power = energy / HANN.squares;
    this.powers[frame] = power;
    this.sounds[frame] = power > MIN_POWER ? this.strongest(power) : NONE;
  }

  private strongest(power: number): number {
    const { tones, shares } = this;
    tones.correlate(this.windowed);
    for (let tone = 0; tone < shares.length; tone++)
      shares[tone] = HANN.tonePower(tones.squares[tone]!) / power;
    let best = NONE;
    let bestFraction = MIN_FRACTION;
    for (const { sound, first, second } of PLACES) {
      const one = shares[first]!;
      const other = second < 0 ? 0 : shares[second]!;
      const isPartial = one < MIN_PARTIAL || (second >= 0 && other < MIN_PARTIAL);
      if (one + other <= bestFraction || isPartial) continue;
      best = sound;
      bestFraction = one + other;
    }
    return best;
  }
}

/** First sample under the window. */
const startOf = (frame: number): number => frame * HOP - WINDOW / 2;
