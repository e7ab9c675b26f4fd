import { halveRate } from '../../audio/halving.js';
import { RATE_HZ, SAMPLES_PER_MS } from '../../audio/source.js';
import type { HeardClass } from '../types.js';
import { toneBursts, type ToneName } from './call-progress.js';
import { FRAME_MS, type RenderedEar } from './jitter-buffer.js';
import { progressTones, type ProgressTone } from './progress.js';
import { firstRingback } from './ringback.js';
import { classifyStretch, type Segment } from './stretches.js';
import { Suspects } from './suspects.js';
import { Tape } from './tracking.js';
import { meanSquare, powerOfDbm0 } from './windows.js';

/** What kind of sound reached an ear of a call without signatures: whose voice it was is unknown. */
export interface Activity {
  identity: 'unknown';
  /** The first class in the order of docs/measures.md §2 that any part has. */
  class: HeardClass;
  /** Contiguous parts of about 2 s. `other-audio` is speech, or any other sound. */
  segments: (Segment & { sound: 'speech' | 'steady' | null })[];
  /** Share of frames of 20 ms above comfort noise, 0–1. */
  activeShare: number;
  tones: ProgressTone[];
  /** When ringing could first be heard; null if it could not. */
  ringingAt: number | null;
  tone: ToneName | null;
}

const ORDER: readonly HeardClass[] = ['tone', 'other-audio', 'comfort-noise', 'silence', 'nothing'];
const COMFORT_NOISE = powerOfDbm0(-45);
/** Speech rises and falls by more than this (from the 10th to the 90th percentile of the frames' levels). */
const SPEECH_DB = 12;
const NO_SUSPECTS = { others: new Suspects([], 0, 0, 0), own: new Suspects([], 0, 0, 0) };

/** Judges an ear by the kind of sound alone. Null if the audio couldn't be decoded (see `undecodable`). */
export function hearActivity(rendered: RenderedEar): Activity | null {
  if (rendered.undecodable !== null) return null;
  const { fromMs, flags, bufferMs } = rendered;
  const audio = rendered.rateHz === RATE_HZ ? rendered.audio : halveRate(rendered.audio);
  const tape = new Tape(audio, fromMs, bufferMs);
  // The bursts of the whole first: those of the stretch, which is almost all of it, share their frames.
  const bursts = toneBursts(tape.tones);
  const tones = progressTones(audio, fromMs, bursts);
  const { segments } = classifyStretch(tape, flags, NO_SUSPECTS, fromMs, tape.toMs);
  const powers = framePowers(audio);
  return {
    identity: 'unknown',
    class: ORDER.find((name) => segments.some((segment) => segment.class === name)) ?? 'nothing',
    segments: segments.map((segment) => ({ ...segment, sound: soundOf(segment, powers, fromMs) })),
    activeShare:
      powers.length > 0 ? powers.filter((power) => power >= COMFORT_NOISE).length / powers.length : 0,
    tones,
    ringingAt: firstRingback(audio, fromMs, bursts),
    tone: tones[0]?.name ?? null,
  };
}

function framePowers(audio: Int16Array): Float64Array {
  const length = FRAME_MS * SAMPLES_PER_MS;
  return Float64Array.from({ length: Math.floor(audio.length / length) }, (_, frame) =>
    meanSquare(audio, frame * length, (frame + 1) * length),
  );
}

function soundOf(segment: Segment, powers: Float64Array, fromMs: number): 'speech' | 'steady' | null {
  if (segment.class !== 'other-audio') return null;
  const part = powers.subarray((segment.fromMs - fromMs) / FRAME_MS, (segment.toMs - fromMs) / FRAME_MS);
  const levels = Array.from(part, (power) => 10 * Math.log10(power + 1));
  levels.sort((a, b) => a - b);
  const levelAt = (share: number): number => levels[Math.floor(levels.length * share)] ?? 0;
  return levelAt(0.9) - levelAt(0.1) >= SPEECH_DB ? 'speech' : 'steady';
}
