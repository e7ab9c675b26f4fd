import { SYMBOL_MS, SYMBOLS } from '../../audio/signature.js';
import { HOP_MS, type SymbolFrames } from './symbol-frames.js';
import type { SignatureCode } from './signature-code.js';

/** Windows in which a signature is looked for, and how far apart they start. */
export const WINDOW_MS = 2000;
export const WINDOW_HOP_MS = 1000;

const GRID_MS = 5;

/**
 * Chance that an unrelated code reaches the agreements asked for. At 33 symbols it asks for 14, as simulated for
 * docs/measures.md §2.
 */
const FALSE_ALARM = 1e-8;
/** Symbols in the longest stretch searched at once. */
const MOST_SYMBOLS = 80;
const NEEDED = Array.from({ length: MOST_SYMBOLS + 1 }, (_, compared) => fewestAgreements(compared));

interface Sighting {
  /** Ear time less lab time of what was said, jitter buffer included, ±25 ms. */
  delayMs: number;
  agreements: number;
  compared: number;
}

/** Agreements, out of `compared` symbols, that tell a signature from an unrelated one; Infinity if too few to tell. */
export function neededAgreements(compared: number): number {
  return NEEDED[compared] ?? Infinity;
}

/**
 * Looks for a signature in the ear's time `fromMs`…`toMs` at delays from 0 to `maxDelayMs`, 5 ms apart.
 * The delay is the middle of those that agree best. Null if it isn't there.
 */
export function findSignature(
  frames: SymbolFrames,
  code: SignatureCode,
  fromMs: number,
  toMs: number,
  maxDelayMs: number,
): Sighting | null {
  let best: Sighting | null = null;
  let lastBestMs = 0;
  for (let delayMs = 0; delayMs <= maxDelayMs; delayMs += GRID_MS) {
    const { agreements, compared } = agreementsAt(frames, code, fromMs, toMs, delayMs);
    if (agreements < neededAgreements(compared)) continue;
    if (!best || agreements > best.agreements) best = { delayMs, agreements, compared };
    else if (agreements < best.agreements || delayMs - lastBestMs > GRID_MS) continue;
    lastBestMs = delayMs;
  }
  return best && { ...best, delayMs: (best.delayMs + lastBestMs) / 2 };
}

/** How many symbols of the stretch agree, of those in which any tone stands out. */
function agreementsAt(
  frames: SymbolFrames,
  code: SignatureCode,
  fromMs: number,
  toMs: number,
  delayMs: number,
): { agreements: number; compared: number } {
  const last = Math.floor((toMs - delayMs) / SYMBOL_MS) - 1;
  let agreements = 0;
  let compared = 0;
  for (let n = Math.ceil((fromMs - delayMs) / SYMBOL_MS); n <= last; n++) {
    const heard = frames.symbols[Math.round((n * SYMBOL_MS + delayMs - frames.fromMs) / HOP_MS)] ?? -1;
    if (heard < 0) continue;
    compared++;
    if (heard === code.at(n)) agreements++;
  }
  return { agreements, compared };
}

function fewestAgreements(compared: number): number {
  const chance = 1 / SYMBOLS;
  let tail = 0;
  let term = chance ** compared;
  // Walks down from "all agree"; term is the binomial probability of exactly `agreements`.
  for (let agreements = compared; agreements >= 0; agreements--) {
    tail += term;
    if (tail > FALSE_ALARM) return agreements === compared ? Infinity : agreements + 1;
    term *= (agreements / (compared - agreements + 1)) * ((1 - chance) / chance);
  }
  return Infinity;
}
