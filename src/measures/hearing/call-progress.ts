import { RATE_HZ, SAMPLES_PER_MS } from '../../audio/source.js';
import { FULL_SCALE_POWER, hann } from './windows.js';

export type ToneName = 'ringback' | 'busy' | 'congestion' | 'sit' | 'fax';

/** What sounds in one frame: which pair or single tone. Several signals share the 425 Hz of ETSI. */
type Sound = '440+480' | '400+450' | '425' | '480+620' | '400' | 'sit' | 'fax';

/** A stretch of one sound; times in ms after the audio's start, by the −6 dB points. */
export interface Burst {
  sound: Sound;
  fromMs: number;
  toMs: number;
  /** The audio ends before the burst does. */
  cutOff: boolean;
}

const SOUNDS: readonly { sound: Sound; alternatives: readonly (readonly number[])[] }[] = [
  { sound: '440+480', alternatives: [[440, 480]] },
  { sound: '400+450', alternatives: [[400, 450]] },
  { sound: '480+620', alternatives: [[480, 620]] },
  { sound: '425', alternatives: [[425]] },
  { sound: '400', alternatives: [[400]] },
  { sound: 'sit', alternatives: [[913.8], [950], [985.2], [1370.6], [1400], [1428.5], [1776.7], [1800]] },
  { sound: 'fax', alternatives: [[1100], [2100]] },
];

/** docs/measures.md §2, ringback. */
const WINDOW = 50 * SAMPLES_PER_MS;
const HOP_MS = 10;
const MIN_POWER = FULL_SCALE_POWER * 10 ** (-45 / 10);
const MIN_FRACTION = 0.3;
/** Each tone of a pair must carry this much, so that one tone of a neighbouring pair doesn't stand for both. */
const MIN_PARTIAL = 0.1;
const MAJORITY_MS = 200;
/** Holes that are bridged; shorter for what is told apart by its cadence. */
const BRIDGED_MS = { pair: 300, cadenced: 120 };

const HANN = hann(WINDOW);

interface Frame {
  sound: Sound | null;
  power: number;
}

/** The bursts of call-progress tones in a stretch of audio, in order. */
export function toneBursts(audio: Int16Array): Burst[] {
  const frames = framesOf(audio);
  const bursts: Burst[] = [];
  for (const { sound } of SOUNDS) bursts.push(...burstsOf(sound, frames, audio.length / SAMPLES_PER_MS));
  return bursts.sort((a, b) => a.fromMs - b.fromMs);
}

function framesOf(audio: Int16Array): Frame[] {
  const frames: Frame[] = [];
  for (let middle = 0; middle <= audio.length; middle += HOP_MS * SAMPLES_PER_MS)
    frames.push(frameAt(audio, middle - WINDOW / 2));
  return frames;
}

function frameAt(audio: Int16Array, start: number): Frame {
  const windowed = new Float64Array(WINDOW);
  let energy = 0;
  for (let i = 0; i < WINDOW; i++) {
    const value = (audio[start + i] ?? 0) * HANN.values[i]!;
    windowed[i] = value;
    energy += value * value;
  }
  const power = energy / HANN.squares;
  return { power, sound: power > MIN_POWER ? soundOf(windowed, power) : null };
}

function soundOf(windowed: Float64Array, power: number): Sound | null {
  let best: Sound | null = null;
  let bestFraction = MIN_FRACTION;
  const fractions = new Map<number, number>();
  const fractionOf = (hz: number): number => {
    const known = fractions.get(hz) ?? goertzel(windowed, hz) / power;
    fractions.set(hz, known);
    return known;
  };
  for (const { sound, alternatives } of SOUNDS)
    for (const tones of alternatives) {
      const partials = tones.map(fractionOf);
      const sum = partials.reduce((total, partial) => total + partial, 0);
      if (sum <= bestFraction || Math.min(...partials) < MIN_PARTIAL) continue;
      best = sound;
      bestFraction = sum;
    }
  return best;
}

/** Mean square of the tone at `hz` under the window (Goertzel's recurrence). */
function goertzel(windowed: Float64Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let one = 0;
  let two = 0;
  for (let i = 0; i < windowed.length; i++) {
    const next = windowed[i]! + coefficient * one - two;
    two = one;
    one = next;
  }
  return HANN.tonePower(one * one + two * two - coefficient * one * two);
}

function burstsOf(sound: Sound, frames: Frame[], lengthMs: number): Burst[] {
  const bridged = (sound.includes('+') ? BRIDGED_MS.pair : BRIDGED_MS.cadenced) / HOP_MS;
  const runs: { from: number; to: number; hits: number }[] = [];
  frames.forEach((frame, i) => {
    if (frame.sound !== sound) return;
    const last = runs.at(-1);
    if (last && i - last.to < bridged) {
      last.to = i;
      last.hits++;
    } else runs.push({ from: i, to: i, hits: 1 });
  });
  return runs
    .filter(({ from, to, hits }) => (to - from + 1) * HOP_MS >= MAJORITY_MS && 2 * hits > to - from + 1)
    .map(({ from, to }) => refined(sound, frames, from, to, lengthMs));
}

function refined(sound: Sound, frames: Frame[], from: number, to: number, lengthMs: number): Burst {
  const powers = frames.slice(from, to + 1).map((frame) => frame.power);
  const half = (powers.sort((a, b) => a - b)[powers.length >> 1] ?? 0) / 2;
  let first = from;
  let last = to;
  // With the window's middle on the edge of a tone, half of its energy is under the window.
  while (first < to && frames[first]!.power < half) first++;
  while (last > from && frames[last]!.power < half) last--;
  return { sound, fromMs: first * HOP_MS, toMs: last * HOP_MS, cutOff: lengthMs - to * HOP_MS <= 2 * HOP_MS };
}
