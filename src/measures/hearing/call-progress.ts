import { SAMPLES_PER_MS } from '../../audio/source.js';
import type { ToneFrames } from './tone-frames.js';
import { HOP_MS, SOUNDS, type Sound } from './tone-frames.js';

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
/** A burst has this much of its sound somewhere, of the frames that were sampled: rather less than makes one. */
const DENSE = { frames: MAJORITY_MS / HOP_MS / SAMPLED, hits: 4 };

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
  const { count } = frames;
  const isPromising = dense(count, (frame) => frames.mayHave(frame, place));
  const isThere = (frame: number) =>
    isPromising[frame] === 1 && frames.mayHave(frame, place) && frames.soundAt(frame) === place;
  const isDense = dense(count, isThere);
  for (let from = 0; from < count; from++) {
    if (isDense[from] === 0) continue;
    let to = from;
    for (; to < count && isDense[to] === 1; to++) frames.soundAt(to);
    for (let last = from, frame = from - 1; frame >= 0 && last - frame < bridged; frame--)
      if (frames.soundAt(frame) === place) last = frame;
    for (let last = to, frame = to; frame < count && frame - last < bridged; frame++)
      if (frames.soundAt(frame) === place) last = frame;
    from = to;
  }
}

/** By frame: 1 wherever enough of the sampled frames around are hits. */
function dense(count: number, isHit: (frame: number) => boolean): Uint8Array {
  const marks = new Uint8Array(count);
  const recent: number[] = [];
  for (let frame = 0; frame < count; frame += SAMPLED) {
    if (!isHit(frame)) continue;
    recent.push(frame);
    if (recent.length > DENSE.hits) recent.shift();
    const [first] = recent;
    if (recent.length === DENSE.hits && frame - first! < DENSE.frames * SAMPLED)
      marks.fill(1, first, frame + 1);
  }
  return marks;
}

/** Frames with the sound, less than `bridged` apart. */
function runsOf(frames: ToneFrames, place: number, bridged: number): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (let frame = 0; frame < frames.count; frame++) {
    if (!frames.has(frame, place)) continue;
    if (last && frame - last.to < bridged) {
      last.to = frame;
      last.hits++;
    } else runs.push((last = { from: frame, to: frame, hits: 1 }));
  }
  return runs;
}

function burstsOf(frames: ToneFrames, sound: Sound, place: number): Burst[] {
  return runsOf(frames, place, bridgedBy(sound))
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
