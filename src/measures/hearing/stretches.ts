import type { EarMeasure, HeardClass, Outage } from '../types.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import { toneName } from './cadence.js';
import { toneBursts, type ToneName } from './call-progress.js';
import { WINDOW_MS } from './identity.js';
import { Frame, FRAME_MS } from './jitter-buffer.js';
import type { Suspects } from './suspects.js';
import type { Tape } from './tracking.js';
import { meanSquare, powerOfDbm0 } from './windows.js';

export type Segment = EarMeasure['segments'][number];

/** What an ear heard in a stretch without the expected signature. Times are the ear's. */
export interface Stretch {
  segments: Segment[];
  heardCall: string | null;
  /** The ear's own voice: how much later than it was said, jitter buffer included, to about 25 ms. */
  echoDelayMs: number | null;
  tone: ToneName | null;
}

/** Concealment at the start, and the first packet back at the end, are not of the stretch. */
const TRIM_MS = { start: 60, end: 20 };
/** Fewer received frames than this share is nothing arriving. */
const MIN_RECEIVED = 0.1;
/** docs/measures.md §2, the smallest outage. */
const SMALLEST_HOLE_MS = 240;
/** A packet or two are no sound. */
const SHORTEST_SOUND_MS = 60;
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
  const bursts = toneBursts(tape.tones.part(sampleAt(from), sampleAt(to)));
  let heardCall: string | null = null;
  let echoDelayMs: number | null = null;

  const classOf = (partFrom: number, partTo: number): HeardClass => {
    const frames = receivedFrames(tape, flags, partFrom, partTo);
    if (frames.powers.length <= MIN_RECEIVED * frames.total) return 'nothing';
    const find = (which: Suspects) => (which.none ? null : which.find(tape.frames, partFrom, partTo));
    const other = find(suspects.others);
    heardCall ??= other?.call ?? null;
    if (other) return 'other-stream';
    const echo = find(suspects.own);
    echoDelayMs ??= echo?.delayMs ?? null;
    if (echo) return 'echo';
    const overlaps = bursts.some(
      (burst) => Math.min(from + burst.toMs, partTo) - Math.max(from + burst.fromMs, partFrom) >= BURST_MS,
    );
    if (overlaps) return 'tone';
    if (2 * frames.noise > frames.powers.length) return 'comfort-noise';
    const powers = frames.powers.sort((a, b) => a - b);
    const levelAt = (share: number): number => powers[Math.floor(powers.length * share)] ?? 0;
    if (levelAt(LEVEL_PERCENTILE) >= COMFORT_NOISE) return 'other-audio';
    return levelAt(0.5) >= SILENCE ? 'comfort-noise' : 'silence';
  };

  const segments: Segment[] = [];
  const partMs = (to - from) / count;
  for (let part = 0; part < count; part++) {
    const [partFrom, partTo] = [from + part * partMs, from + (part + 1) * partMs];
    const whole = {
      fromMs: part === 0 ? fromMs : partFrom,
      toMs: part === count - 1 ? toMs : partTo,
      class: classOf(partFrom, partTo),
    };
    segments.push(...splitAtHoles(whole, holesIn(tape, flags, whole.fromMs, whole.toMs), classOf));
  }
  const merged = mergeSegments(bridgePauses(segments));
  const heardTone = merged.some((segment) => segment.class === 'tone');
  return {
    segments: merged,
    heardCall,
    echoDelayMs,
    tone: heardTone && bursts[0] ? toneName(bursts[0]) : null,
  };
}

/** The segment with the holes in which no packet came named as such, and what came between them where that is most of it. */
function splitAtHoles(
  whole: Segment,
  holes: readonly Outage[],
  classOf: (fromMs: number, toMs: number) => HeardClass,
): Segment[] {
  const isNothing = whole.class === 'nothing';
  const segments: Segment[] = [];
  let atMs = whole.fromMs;
  const soundUntil = (toMs: number) => {
    if (toMs <= atMs) return;
    const named = isNothing && toMs - atMs >= SHORTEST_SOUND_MS ? classOf(atMs, toMs) : whole.class;
    segments.push({ fromMs: atMs, toMs, class: named });
  };
  for (const { startMs, endMs } of holes) {
    soundUntil(startMs);
    segments.push({ fromMs: startMs, toMs: endMs, class: 'nothing' });
    atMs = endMs;
  }
  soundUntil(whole.toMs);
  return segments;
}

/** Where no packet came for as long as the smallest outage; the ear's time, to 20 ms. */
function holesIn(tape: Tape, flags: Uint8Array, fromMs: number, toMs: number): Outage[] {
  const holes: Outage[] = [];
  let sinceMs = fromMs;
  const close = (endMs: number) => {
    if (endMs - sinceMs >= SMALLEST_HOLE_MS) holes.push({ startMs: sinceMs, endMs });
  };
  for (let atMs = fromMs; atMs < toMs; atMs += FRAME_MS) {
    const flag = flags[Math.round((atMs - tape.fromMs) / FRAME_MS)];
    if (flag !== Frame.received && flag !== Frame.noise) continue;
    close(atMs);
    sinceMs = atMs + FRAME_MS;
  }
  close(toMs);
  return holes;
}

/** Mean squares of the 20 ms frames that packets came for, and how many of them were RFC 3389's. */
function receivedFrames(tape: Tape, flags: Uint8Array, fromMs: number, toMs: number) {
  const powers: number[] = [];
  let noise = 0;
  const first = Math.ceil((fromMs - tape.fromMs) / FRAME_MS);
  const end = Math.max(first, Math.floor((toMs - tape.fromMs) / FRAME_MS));
  const length = FRAME_MS * SAMPLES_PER_MS;
  for (let frame = first; frame < end; frame++) {
    if (flags[frame] !== Frame.received && flags[frame] !== Frame.noise) continue;
    if (flags[frame] === Frame.noise) noise++;
    powers.push(meanSquare(tape.audio, frame * length, (frame + 1) * length));
  }
  return { powers, noise, total: end - first };
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
