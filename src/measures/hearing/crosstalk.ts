import { PHASES } from '../../audio/signature.js';
import { referencePhases } from './presence.js';
import type { SignatureCode } from './signature-code.js';
import type { Suspects } from './suspects.js';
import { symbolFrames } from './symbol-frames.js';
import type { Tape } from './tracking.js';
import { FULL_SCALE_POWER } from './windows.js';

const BLOCK = 160;
/** Less than this left beside the expected tone is the codec's own noise. */
const MIN_RESIDUE = FULL_SCALE_POWER * 10 ** (-50 / 10);
/** Two windows hear the same stream if its delay is the same, to within a plateau of the search. */
const SAME_DELAY_MS = 50;

/**
 * The other call that is heard beside the expected signature, null if there is none: what is left after the
 * expected tone has been taken out must carry one other signature in two consecutive windows.
 */
export function crosstalkOf(
  tape: Tape,
  code: SignatureCode,
  delayMs: number,
  suspects: Suspects,
): string | null {
  if (suspects.none) return null;
  const residue = withoutExpected(tape, code, delayMs);
  if (medianPower(residue) < MIN_RESIDUE) return null;
  const frames = symbolFrames(residue, tape.fromMs);
  let before: ReturnType<Suspects['find']> = null;
  for (const { fromMs, toMs } of tape.windows()) {
    const found = suspects.find(frames, fromMs, toMs);
    if (found && found.call === before?.call && Math.abs(found.delayMs - before.delayMs) <= SAME_DELAY_MS)
      return found.call;
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
      const angle = (2 * Math.PI * phases[i]!) / PHASES;
      re += audio[i]! * Math.cos(angle);
      im += audio[i]! * Math.sin(angle);
    }
    const scale = 2 / (end - start);
    for (let i = start; i < end; i++) {
      const angle = (2 * Math.PI * phases[i]!) / PHASES;
      rest[i] = Math.round(audio[i]! - scale * (re * Math.cos(angle) + im * Math.sin(angle)));
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
