import { digitAt, HIGH_HZ, LOW_HZ } from '../../../audio/dtmf.js';
import { SAMPLES_PER_MS } from '../../../audio/source.js';
import { goertzel } from '../goertzel.js';
import { hann } from '../windows.js';
import { DigitFrames, HOP_MS, WINDOW_MS } from './digit-frames.js';
import type { ToldDigit } from './digits.js';

/** Limits of ITU-T Q.24 (AT&T): the high tone may be this much over the low one, or under it, in dB. */
const TWIST_DB = { over: 4, under: 8 };
/** A deviation of 1.5 % is accepted, one of 3.5 % refused; the limit lies between. */
const MOST_DEVIATION = 0.025;
/** 40 ms are a digit, 23 ms are none, each measured in steps of 5 ms; 50 ms are a pause, 10 ms are an interruption. */
const LEAST_MS = 28;
const LEAST_PAUSE_MS = 30;
/** Frames that an interruption may have. */
const PAUSE_FRAMES = (LEAST_PAUSE_MS - WINDOW_MS / 2) / HOP_MS;

/** Steps of the search for a tone's real frequency. */
const STEP = 0.0025;
const STEPS = 20;

/** A run of frames with one digit. */
interface Run {
  digit: string;
  from: number;
  to: number;
}

/**
 * Digits dialled in the band, in audio at 8 kHz that starts at `fromMs`.
 * A digit that a lost packet cuts in two for 30 ms or more counts twice: send 100 ms each.
 */
export function inBandDigits(audio: Int16Array, fromMs: number): ToldDigit[] {
  const frames = new DigitFrames(audio);
  frames.sample(PAUSE_FRAMES);
  return runsOf(frames)
    .map((run) => ({ ...run, ...edges(frames, run) }))
    .filter(({ startMs, endMs }) => endMs - startMs >= LEAST_MS)
    .filter(({ digit, startMs, endMs }) => isInTune(audio, digit, startMs, endMs))
    .map(({ digit, startMs, endMs }) => ({
      digit,
      channel: 'in-band',
      atMs: fromMs + startMs,
      durationMs: endMs - startMs,
      evidence: null,
    }));
}

function runsOf(frames: DigitFrames): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < frames.count; i++) {
    const digit = frames.knownDigitAt(i);
    if (digit === null) continue;
    const last = runs.at(-1);
    if (last?.digit === digit && i - last.to - 1 < PAUSE_FRAMES) last.to = i;
    else runs.push({ digit, from: i, to: i });
  }
  return runs;
}

/** Where the tones' amplitude is half of what it is in the run: there the middle of the window lies on the edge. */
function edges(frames: DigitFrames, { from, to }: Run): { startMs: number; endMs: number } {
  let loudest = 0;
  for (let i = from; i <= to; i++) loudest = Math.max(loudest, frames.powerAt(i));
  const quarter = loudest / 4;
  let first = from;
  let last = to;
  while (first < to && frames.powerAt(first) < quarter) first++;
  while (last > from && frames.powerAt(last) < quarter) last--;
  // The tones spread where the burst begins and ends: those frames are of no digit, and yet have its power.
  while (first > 0 && frames.powerAt(first - 1) >= quarter) first--;
  while (last < frames.count - 1 && frames.powerAt(last + 1) >= quarter) last++;
  return { startMs: first * HOP_MS, endMs: last * HOP_MS };
}

/** Both tones on their frequencies, and their levels within the twist, over the whole of the burst. */
function isInTune(audio: Int16Array, digit: string, startMs: number, endMs: number): boolean {
  const samples = audio.subarray(Math.max(0, startMs * SAMPLES_PER_MS), endMs * SAMPLES_PER_MS);
  const window = hann(samples.length);
  const windowed = Float64Array.from(samples, (value, i) => value * window.values[i]!);
  const [low, high] = tonesOf(digit).map((hz) => tuneOf(windowed, hz));
  const twistDb = 10 * Math.log10(high!.power / low!.power);
  return (
    Math.abs(low!.deviation) <= MOST_DEVIATION &&
    Math.abs(high!.deviation) <= MOST_DEVIATION &&
    twistDb <= TWIST_DB.over + TOLERANCE_DB &&
    twistDb >= -TWIST_DB.under - TOLERANCE_DB
  );
}

/** Levels are measured to about this: what is at a limit is accepted. */
const TOLERANCE_DB = 0.5;

function tonesOf(digit: string): [low: number, high: number] {
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 4; column++)
      if (digitAt(row, column) === digit) return [LOW_HZ[row]!, HIGH_HZ[column]!];
  throw new RangeError(`there is no DTMF for ${digit}`);
}

/** By how much the tone near `hz` is off, as a share of it, and its (unscaled) power. */
function tuneOf(windowed: Float64Array, hz: number): { deviation: number; power: number } {
  let best = { deviation: 0, power: 0 };
  for (let step = -STEPS; step <= STEPS; step++) {
    const deviation = step * STEP;
    const power = goertzel(windowed, hz * (1 + deviation));
    if (power > best.power) best = { deviation, power };
  }
  return best;
}
