import type { EarMeasure, HeardClass } from '../types.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import { toneName } from './cadence.js';
import { toneBursts, type ToneName } from './call-progress.js';
import { WINDOW_MS } from './identity.js';
import { Frame, FRAME_MS } from './jitter-buffer.js';
import type { Suspects } from './suspects.js';
import type { Tape } from './tracking.js';
import { powerOfDbm0 } from './windows.js';

export type Segment = EarMeasure['segments'][number];

/** What an ear heard in a stretch without the expected signature. Times are the ear's. */
export interface Stretch {
  segments: Segment[];
  heardCall: string | null;
  tone: ToneName | null;
}

/** Concealment at the start, and the first packet back at the end, are not of the stretch. */
const TRIM_MS = { start: 60, end: 20 };
/** Fewer received frames than this share is nothing arriving. */
const MIN_RECEIVED = 0.05;
/** docs/measures.md §2, classes. */
const COMFORT_NOISE = powerOfDbm0(-45);
const SILENCE = powerOfDbm0(-65);
/** Frames louder than this many others speak for a part: speech has pauses. */
const LEVEL_PERCENTILE = 0.8;
/** So much of a burst makes a part a tone; so long a pause after one belongs to the cadence (4 s in the US). */
const BURST_MS = 100;
const PAUSE_MS = 4500;

/** Names what was heard in the ear's time `fromMs`…`toMs`, in parts of about 2 s. */
export function classifyStretch(
  tape: Tape,
  flags: Uint8Array,
  suspects: { others: Suspects; own: Suspects },
  fromMs: number,
  toMs: number,
): Stretch {
  const from = Math.min(fromMs + TRIM_MS.start, toMs);
  const to = Math.max(from, toMs - TRIM_MS.end);
  const count = Math.max(1, Math.round((to - from) / WINDOW_MS));
  const sampleAt = (ms: number): number => Math.round((ms - tape.fromMs) * SAMPLES_PER_MS);
  const bursts = toneBursts(tape.audio.subarray(sampleAt(from), sampleAt(to)));
  let heardCall: string | null = null;

  const classOf = (partFrom: number, partTo: number): HeardClass => {
    const frames = receivedFrames(tape, flags, partFrom, partTo);
    if (frames.powers.length <= MIN_RECEIVED * frames.total) return 'nothing';
    const other = suspects.others.find(tape.frames, partFrom, partTo);
    heardCall ??= other?.call ?? null;
    if (other) return 'other-stream';
    if (suspects.own.find(tape.frames, partFrom, partTo)) return 'echo';
    const overlaps = bursts.some(
      (burst) => Math.min(from + burst.toMs, partTo) - Math.max(from + burst.fromMs, partFrom) >= BURST_MS,
    );
    if (overlaps) return 'tone';
    const level =
      frames.powers.sort((a, b) => a - b)[Math.floor(frames.powers.length * LEVEL_PERCENTILE)] ?? 0;
    return level >= COMFORT_NOISE ? 'other-audio' : level >= SILENCE ? 'comfort-noise' : 'silence';
  };

  const segments: Segment[] = [];
  const partMs = (to - from) / count;
  for (let part = 0; part < count; part++) {
    const [partFrom, partTo] = [from + part * partMs, from + (part + 1) * partMs];
    segments.push({
      fromMs: part === 0 ? fromMs : partFrom,
      toMs: part === count - 1 ? toMs : partTo,
      class: classOf(partFrom, partTo),
    });
  }
  const merged = mergeSegments(bridgePauses(segments));
  const heardTone = merged.some((segment) => segment.class === 'tone');
  return { segments: merged, heardCall, tone: heardTone && bursts[0] ? toneName(bursts[0]) : null };
}

/** Mean squares of the 20 ms frames that packets came for. */
function receivedFrames(tape: Tape, flags: Uint8Array, fromMs: number, toMs: number) {
  const powers: number[] = [];
  const first = Math.ceil((fromMs - tape.fromMs) / FRAME_MS);
  const end = Math.max(first, Math.floor((toMs - tape.fromMs) / FRAME_MS));
  const length = FRAME_MS * SAMPLES_PER_MS;
  for (let frame = first; frame < end; frame++) {
    if (flags[frame] !== Frame.received) continue;
    const samples = tape.audio.subarray(frame * length, (frame + 1) * length);
    powers.push(samples.reduce((sum, value) => sum + value * value, 0) / length);
  }
  return { powers, total: end - first };
}

function bridgePauses(segments: Segment[]): Segment[] {
  let toneUntil = -Infinity;
  return segments.map((segment) => {
    if (segment.class === 'tone') toneUntil = segment.toMs;
    const isQuiet = segment.class === 'silence' || segment.class === 'comfort-noise';
    return isQuiet && segment.toMs - toneUntil <= PAUSE_MS ? { ...segment, class: 'tone' } : segment;
  });
}

/** Joins neighbours of one class. */
export function mergeSegments(segments: Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last?.class === segment.class) last.toMs = segment.toMs;
    else if (segment.toMs > segment.fromMs) merged.push({ ...segment });
  }
  return merged;
}
