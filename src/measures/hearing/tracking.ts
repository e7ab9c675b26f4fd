import { refineDelay } from './delay.js';
import { findSignature, WINDOW_HOP_MS, WINDOW_MS } from './identity.js';
import type { SignatureCode } from './signature-code.js';
import { symbolFrames, type SymbolFrames } from './symbol-frames.js';

/** Longest mouth-to-ear delay, jitter buffer apart, at which a signature is looked for. */
const MAX_DELAY_MS = 1000;

/** One ear's audio, made ready to be searched. */
export class Tape {
  readonly frames: SymbolFrames;
  readonly toMs: number;
  readonly maxDelayMs: number;

  constructor(
    readonly audio: Int16Array,
    readonly fromMs: number,
    readonly bufferMs: number,
  ) {
    this.frames = symbolFrames(audio, fromMs);
    this.toMs = fromMs + audio.length / 8;
    this.maxDelayMs = MAX_DELAY_MS + bufferMs;
  }

  /** Windows of 2 s, a second apart, the last one flush with the end. */
  windows(): { fromMs: number; toMs: number }[] {
    const starts = [];
    for (let at = this.fromMs; at + WINDOW_MS < this.toMs; at += WINDOW_HOP_MS) starts.push(at);
    starts.push(Math.max(this.fromMs, this.toMs - WINDOW_MS));
    return starts.map((fromMs) => ({ fromMs, toMs: Math.min(this.toMs, fromMs + WINDOW_MS) }));
  }
}

/** The delay, jitter buffer included, in a window of ear time; to a sample. */
export interface TrackedDelay {
  fromMs: number;
  toMs: number;
  delayMs: number;
}

/**
 * Delays of each window in which the signature is, in order of time. Empty if it is in none.
 * Each window is searched whole: that costs little, and follows a jitter buffer wherever it slips.
 */
export function trackDelays(tape: Tape, code: SignatureCode): TrackedDelay[] {
  const delays: TrackedDelay[] = [];
  for (const { fromMs, toMs } of tape.windows()) {
    const sighting = findSignature(tape.frames, code, fromMs, toMs, tape.maxDelayMs);
    if (!sighting) continue;
    const delayMs = refineDelay(tape.audio, tape.fromMs, code, fromMs, toMs, sighting.delayMs);
    delays.push({ fromMs, toMs, delayMs });
  }
  return delays;
}

/** A window that reaches so far over an edge may still tell the delay on its side. */
const REACH_MS = 500;

/**
 * The delay on one side of an edge at ear time `atMs`: of the nearest window there. After a pause a jitter buffer anchors
 * itself anew, and what comes then is later or earlier. Null if no window lies there.
 */
export function delayBeside(
  delays: readonly TrackedDelay[],
  atMs: number,
  side: 'before' | 'after',
): number | null {
  const found =
    side === 'before'
      ? delays.findLast(({ toMs }) => toMs <= atMs + REACH_MS)
      : delays.find(({ fromMs }) => fromMs >= atMs - REACH_MS);
  return found?.delayMs ?? null;
}
