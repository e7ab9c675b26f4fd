import { refineDelay } from './delay.js';
import { findSignature, WINDOW_HOP_MS, WINDOW_MS } from './identity.js';
import type { SignatureCode } from './signature-code.js';
import { symbolFrames, type SymbolFrames } from './symbol-frames.js';
import { ToneFrames } from './tone-frames.js';

/** Longest mouth-to-ear delay, jitter buffer apart, at which a signature is looked for. */
const MAX_DELAY_MS = 1000;

/** One ear's audio, made ready to be searched. */
export class Tape {
  readonly toMs: number;
  readonly maxDelayMs: number;
  private symbols: SymbolFrames | undefined;
  private toneFrames: ToneFrames | undefined;

  constructor(
    readonly audio: Int16Array,
    readonly fromMs: number,
    readonly bufferMs: number,
  ) {
    this.toMs = fromMs + audio.length / 8;
    this.maxDelayMs = MAX_DELAY_MS + bufferMs;
  }

  /** Its signature symbols; worked out when first asked for, as are its tones. */
  get frames(): SymbolFrames {
    return (this.symbols ??= symbolFrames(this.audio, this.fromMs));
  }

  get tones(): ToneFrames {
    return (this.toneFrames ??= new ToneFrames(this.audio));
  }

  /** Windows of 2 s, a second apart, the last one flush with the end. */
  windows(): { fromMs: number; toMs: number }[] {
    const starts = [];
    for (let at = this.fromMs; at + WINDOW_MS < this.toMs; at += WINDOW_HOP_MS) starts.push(at);
    starts.push(Math.max(this.fromMs, this.toMs - WINDOW_MS));
    return starts.map((fromMs) => ({ fromMs, toMs: Math.min(this.toMs, fromMs + WINDOW_MS) }));
  }
}

/**
 * Delays, jitter buffer included, of each window in which the signature is; to a sample. Empty if it is in none.
 * Each window is searched whole: that costs little, and follows a jitter buffer wherever it slips.
 */
export function trackDelays(tape: Tape, code: SignatureCode): number[] {
  const delays: number[] = [];
  for (const { fromMs, toMs } of tape.windows()) {
    const sighting = findSignature(tape.frames, code, fromMs, toMs, tape.maxDelayMs);
    if (sighting) delays.push(refineDelay(tape.audio, tape.fromMs, code, fromMs, toMs, sighting.delayMs));
  }
  return delays;
}
