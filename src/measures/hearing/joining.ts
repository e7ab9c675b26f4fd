import { SYMBOL_MS } from '../../audio/signature.js';
import type { Outage } from '../types.js';
import { refineDelay } from './delay.js';
import { FRAME_MS } from './jitter-buffer.js';
import type { SignatureCode } from './signature-code.js';
import type { Suspects } from './suspects.js';
import type { Tape } from './tracking.js';

/** Two signatures agree in one symbol of sixteen, and in several in a row now and then, but hardly in more than five. */
const ISLAND_MS = 300;
/** How far around an island the other signature is looked for: it takes a second or so to tell one. */
const AROUND_MS = 2000;
/** So much of an island must be alike in both signatures; the rest are its edges, which are of frames. */
const ALIKE = 0.5;

interface Signatures {
  code: SignatureCode;
  /** Ear time less the mouth's. */
  shiftMs: number;
  suspects: { others: Suspects; own: Suspects };
}

/** Joins outages that only chance has parted: another signature went on in between, and sounded the same. In mouth's time. */
export function joinOutages(tape: Tape, outages: readonly Outage[], signatures: Signatures): Outage[] {
  return chainsOf(outages).flatMap((chain) => {
    const joined: Outage[] = [];
    for (const outage of chain) {
      const before = joined.at(-1);
      const island = before && { startMs: before.endMs, endMs: outage.startMs };
      if (island && isChance(tape, island, chain, signatures)) before.endMs = outage.endMs;
      else joined.push({ ...outage });
    }
    return joined;
  });
}

/** Outages that follow each other closely. */
function chainsOf(outages: readonly Outage[]): Outage[][] {
  const chains: Outage[][] = [];
  for (const outage of outages) {
    const chain = chains.at(-1);
    if (chain && outage.startMs - chain.at(-1)!.endMs < ISLAND_MS) chain.push(outage);
    else chains.push([outage]);
  }
  return chains;
}

/** Whether what was heard between two outages was another signature, at a moment when both have the same tones. */
function isChance(
  tape: Tape,
  island: Outage,
  chain: readonly Outage[],
  { code, shiftMs, suspects }: Signatures,
): boolean {
  const fromMs = Math.max(chain[0]!.startMs, island.startMs - AROUND_MS) + shiftMs;
  const toMs = Math.min(tape.toMs, Math.min(chain.at(-1)!.endMs, island.endMs + AROUND_MS) + shiftMs);
  return [suspects.others, suspects.own].some((one) => {
    const found = one.find(tape.frames, fromMs, toMs);
    if (!found) return false;
    const delayMs = refineDelay(tape.audio, tape.fromMs, found.code, fromMs, toMs, found.delayMs);
    const symbolsAt = (earMs: number): [number, number] => [
      code.at(Math.floor((earMs - shiftMs) / SYMBOL_MS)),
      found.code.at(Math.floor((earMs - delayMs) / SYMBOL_MS)),
    ];
    const times = timesBetween(island.startMs + shiftMs, island.endMs + shiftMs);
    const alike = times.filter((earMs) => symbolsAt(earMs)[0] === symbolsAt(earMs)[1]);
    return alike.length >= ALIKE * times.length;
  });
}

/** In the middle of each quarter of a frame. */
function timesBetween(fromMs: number, toMs: number): number[] {
  const stepMs = FRAME_MS / 4;
  const count = Math.max(1, Math.round((toMs - fromMs) / stepMs));
  return Array.from({ length: count }, (_, i) => fromMs + (i + 0.5) * stepMs);
}
