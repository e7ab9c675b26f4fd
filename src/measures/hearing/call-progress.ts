import { SAMPLES_PER_MS } from '../../audio/source.js';
import { HOP_MS, SOUNDS, ToneFrames, type Sound } from './tone-frames.js';

export type ToneName = 'ringback' | 'busy' | 'congestion' | 'sit' | 'fax';

/** A stretch of one sound; times in ms after the audio's start, by the −6 dB points. */
export interface Burst {
  sound: Sound;
  fromMs: number;
  toMs: number;
  /** The audio ends before the burst does. */
  cutOff: boolean;
}

/** docs/measures.md §2, ringback. */
const MAJORITY_MS = 200;
/** Holes that are bridged; shorter for what is told apart by its cadence. */
const BRIDGED_MS = { pair: 300, cadenced: 120 };

/** Frames overlap by 80 %: every other one shows whether there's a burst at all. */
const SAMPLED = 2;
/** What of a burst must have been met with for a closer look: rather less than makes one. */
const WORTH_MS = 140;
const WORTH_SHARE = 0.4;

interface Run {
  from: number;
  to: number;
  hits: number;
}

/** The bursts of call-progress tones in a stretch of audio, in order. */
export function toneBursts(frames: ToneFrames): Burst[] {
  frames.sample(SAMPLED);
  SOUNDS.forEach((sound, place) => lookCloser(frames, place, bridgedBy(sound)));
  return SOUNDS.flatMap((sound, place) => burstsOf(frames, sound, place)).sort((a, b) => a.fromMs - b.fromMs);
}

/** So many frames apart, two with the sound are of one run. */
const bridgedBy = (sound: Sound): number =>
  (sound.includes('+') ? BRIDGED_MS.pair : BRIDGED_MS.cadenced) / HOP_MS;

/** Looks at all frames of what may be bursts of a sound, and as far around them as they may go on. */
function lookCloser(frames: ToneFrames, place: number, bridged: number): void {
  // Between two that were met with, the frames not looked at may make a hole shorter at both ends.
  const runs = (isHit: (frame: number) => boolean) =>
    runsOf(frames.count, SAMPLED, bridged + SAMPLED, isHit).filter(isWorthIt);
  const worthwhile = new Uint8Array(frames.count);
  for (const { from, to } of runs((frame) => frames.mayHave(frame, place))) worthwhile.fill(1, from, to + 1);
  const isHit = (frame: number) =>
    worthwhile[frame] === 1 && frames.mayHave(frame, place) && frames.soundAt(frame) === place;
  for (const { from, to } of runs(isHit)) {
    for (let frame = from; frame <= to; frame++) frames.soundAt(frame);
    for (let last = from, frame = from - 1; frame >= 0 && last - frame < bridged; frame--)
      if (frames.soundAt(frame) === place) last = frame;
    for (let last = to, frame = to + 1; frame < frames.count && frame - last < bridged; frame++)
      if (frames.soundAt(frame) === place) last = frame;
  }
}

const isWorthIt = ({ from, to, hits }: Run): boolean => {
  const length = to - from + 1;
  return length * HOP_MS >= WORTH_MS && hits * SAMPLED >= WORTH_SHARE * length;
};

/** Every `step`th frame is asked about; those less than `bridged` apart are of one run. */
function runsOf(count: number, step: number, bridged: number, isHit: (frame: number) => boolean): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (let frame = 0; frame < count; frame += step) {
    if (!isHit(frame)) continue;
    if (last && frame - last.to < bridged) {
      last.to = frame;
      last.hits++;
    } else runs.push((last = { from: frame, to: frame, hits: 1 }));
  }
  return runs;
}

function burstsOf(frames: ToneFrames, sound: Sound, place: number): Burst[] {
  return runsOf(frames.count, 1, bridgedBy(sound), (frame) => frames.has(frame, place))
    .filter(({ from, to, hits }) => (to - from + 1) * HOP_MS >= MAJORITY_MS && 2 * hits > to - from + 1)
    .map((run) => refined(frames, sound, run));
}

function refined(frames: ToneFrames, sound: Sound, { from, to }: Run): Burst {
  const powers = Float64Array.from({ length: to - from + 1 }, (_, i) => frames.powerAt(from + i)).sort();
  const half = (powers[powers.length >> 1] ?? 0) / 2;
  let first = from;
  let last = to;
  // With the window's middle on the edge of a tone, half of its energy is under the window.
  while (first < to && frames.powerAt(first) < half) first++;
  while (last > from && frames.powerAt(last) < half) last--;
  const lengthMs = frames.audio.length / SAMPLES_PER_MS;
  return { sound, fromMs: first * HOP_MS, toMs: last * HOP_MS, cutOff: lengthMs - to * HOP_MS <= 2 * HOP_MS };
}
