import { PHASES, phaseStep, SYMBOL_MS } from '../../audio/signature.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import type { SignatureCode } from './signature-code.js';
import { FULL_SCALE_POWER, hann } from './windows.js';

/** How strongly the expected tone is there, every 5 ms. */
export interface Presence {
  /** Entry f is for the instant 5·f ms after the audio's start: mean square of the expected tone. */
  tone: Float64Array;
  /** Its share of the energy there, 0–1. */
  fraction: Float64Array;
}

export const PRESENCE_HOP_MS = 5;
const HOP = PRESENCE_HOP_MS * SAMPLES_PER_MS;
const WINDOW = 24 * SAMPLES_PER_MS;

/** Thresholds of docs/measures.md §2, heard frame by frame: 9 dB under the 80th percentile, a fifth of the energy. */
const BELOW_TYPICAL = 10 ** (-9 / 10);
const MIN_FRACTION = 0.2;
const TYPICAL_PERCENTILE = 0.8;
const MIN_POWER = FULL_SCALE_POWER * 1e-6;

const HANN = hann(WINDOW);
const COSINE = Float64Array.from({ length: PHASES }, (_, i) => Math.cos((2 * Math.PI * i) / PHASES));
const SINE = Float64Array.from({ length: PHASES }, (_, i) => Math.sin((2 * Math.PI * i) / PHASES));

/** The expected signature's phase at each sample of `audio`, as an index into a circle of 1024. */
export function referencePhases(
  length: number,
  fromMs: number,
  code: SignatureCode,
  delayMs: number,
): Uint16Array {
  const phases = new Uint16Array(length);
  let phase = 0;
  let n = Math.floor((fromMs - delayMs) / SYMBOL_MS);
  for (let i = 0; i < length; n++) {
    const end = Math.min(length, Math.ceil(((n + 1) * SYMBOL_MS + delayMs - fromMs) * SAMPLES_PER_MS));
    const step = phaseStep(Math.max(0, code.at(n)));
    for (; i < end; i++) {
      phases[i] = phase;
      phase = (phase + step) & (PHASES - 1);
    }
  }
  return phases;
}

/** Correlates the audio with the expected signature at one delay under a sliding 24 ms Hann window. */
export function presence(audio: Int16Array, fromMs: number, code: SignatureCode, delayMs: number): Presence {
  const phases = referencePhases(audio.length, fromMs, code, delayMs);
  const mixedRe = new Float64Array(audio.length);
  const mixedIm = new Float64Array(audio.length);
  for (let i = 0; i < audio.length; i++) {
    mixedRe[i] = audio[i]! * COSINE[phases[i]!]!;
    mixedIm[i] = audio[i]! * SINE[phases[i]!]!;
  }
  const frames = Math.floor(audio.length / HOP) + 1;
  const tone = new Float64Array(frames);
  const fraction = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * HOP - WINDOW / 2;
    const end = Math.min(audio.length, start + WINDOW);
    let re = 0;
    let im = 0;
    let energy = 0;
    for (let i = Math.max(0, start); i < end; i++) {
      const weight = HANN.values[i - start]!;
      re += weight * mixedRe[i]!;
      im += weight * mixedIm[i]!;
      energy += weight * weight * audio[i]! * audio[i]!;
    }
    tone[frame] = HANN.tonePower(re * re + im * im);
    fraction[frame] = energy > 0 ? (tone[frame]! * HANN.squares) / energy : 0;
  }
  return { tone, fraction };
}

/** At each instant the stronger of several (the delay can change under way). */
export function strongestOf(all: Presence[]): Presence {
  const [first, ...rest] = all;
  if (!first) throw new Error('nothing to choose from');
  const tone = first.tone.slice();
  const fraction = first.fraction.slice();
  for (const other of rest)
    for (let i = 0; i < tone.length; i++) {
      if (other.tone[i]! <= tone[i]!) continue;
      tone[i] = other.tone[i]!;
      fraction[i] = other.fraction[i]!;
    }
  return { tone, fraction };
}

/** Mean square that the tone has where it is really there: the 80th percentile. Null if it is there nowhere. */
export function typicalPower({ tone, fraction }: Presence): number | null {
  const there = tone.filter((power, i) => power > MIN_POWER && fraction[i]! > MIN_FRACTION).sort();
  return there.length > 0 ? (there[Math.floor(there.length * TYPICAL_PERCENTILE)] ?? null) : null;
}

/** 1 where the expected tone was heard. */
export function heardFrames({ tone, fraction }: Presence, typical: number): Uint8Array {
  return Uint8Array.from(tone, (power, i) =>
    power > BELOW_TYPICAL * typical && fraction[i]! > MIN_FRACTION ? 1 : 0,
  );
}
