import { COSINE, SINE } from './circle.js';
import { referencePhases } from './presence.js';
import type { SignatureCode } from './signature-code.js';
import type { Suspects } from './suspects.js';
import { symbolFrames, type SymbolFrames } from './symbol-frames.js';
import type { Tape } from './tracking.js';
import { FULL_SCALE_POWER } from './windows.js';

const BLOCK = 160;
/** Less than this left beside the expected tone is the codec's own noise. */
const MIN_RESIDUE = FULL_SCALE_POWER * 10 ** (-50 / 10);
/** Two windows hear the same stream if its delay is the same, to within a plateau of the search. */
const SAME_DELAY_MS = 50;

/** What else than the expected signature was heard, while that was there. */
export interface Beside {
  /** The other call, null if there is none. */
  crosstalk: string | null;
  /** The ear's own voice: how much later than it was said, jitter buffer included, to about 25 ms. */
  echoDelayMs: number | null;
}

/**
 * Looks for signatures beside the expected one: what is left after that has been taken out must carry one other in two
 * consecutive windows.
 */
export function besideOf(
  tape: Tape,
  code: SignatureCode,
  delayMs: number,
  suspects: { others: Suspects; own: Suspects },
): Beside {
  const residue = withoutExpected(tape, code, delayMs);
  if (medianPower(residue) < MIN_RESIDUE) return { crosstalk: null, echoDelayMs: null };
  const frames = symbolFrames(residue, tape.fromMs);
  return {
    crosstalk: foundTwice(tape, frames, suspects.others)?.call ?? null,
    echoDelayMs: foundTwice(tape, frames, suspects.own)?.delayMs ?? null,
  };
}

function foundTwice(tape: Tape, frames: SymbolFrames, suspects: Suspects): ReturnType<Suspects['find']> {
  if (suspects.none) return null;
  let before: ReturnType<Suspects['find']> = null;
  for (const { fromMs, toMs } of tape.windows()) {
    const found = suspects.find(frames, fromMs, toMs);
    if (found && found.call === before?.call && Math.abs(found.delayMs - before.delayMs) <= SAME_DELAY_MS)
      return found;
    before = found;
  }
  return null;
}

/** Takes the expected tone out, 20 ms by 20 ms, at whatever amplitude and phase it has there. */
function withoutExpected(tape: Tape, code: SignatureCode, delayMs: number): Int16Array {
  const { audio } = tape;
  const phases = referencePhases(audio.length, tape.fromMs, code, delayMs);
  const rest = new Int16Array(audio.length);
  for (let start = 0; start < audio.length; start += BLOCK) {
    const end = Math.min(audio.length, start + BLOCK);
    let re = 0;
    let im = 0;
    for (let i = start; i < end; i++) {
      re += audio[i]! * COSINE[phases[i]!]!;
      im += audio[i]! * SINE[phases[i]!]!;
    }
    const scale = 2 / (end - start);
    for (let i = start; i < end; i++) {
      const expected = re * COSINE[phases[i]!]! + im * SINE[phases[i]!]!;
      rest[i] = Math.round(audio[i]! - scale * expected);
    }
  }
  return rest;
}

function medianPower(audio: Int16Array): number {
  const powers: number[] = [];
  for (let start = 0; start < audio.length; start += BLOCK)
    powers.push(audio.subarray(start, start + BLOCK).reduce((sum, value) => sum + value * value, 0) / BLOCK);
  return powers.sort((a, b) => a - b)[powers.length >> 1] ?? 0;
}
