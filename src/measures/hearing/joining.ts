import type { Outage } from '../types.js';
import type { Suspects } from './suspects.js';
import type { Tape } from './tracking.js';

/**
 * Two signatures agree in one symbol of sixteen, and in several in a row now and then: between two outages, the voice must
 * be heard for longer than five symbols if another signature was heard around.
 */
const ISLAND_MS = 300;
/** How far around an island the other signature is looked for. */
const AROUND_MS = 1000;

/** Joins outages that only chance has parted: another signature went on in between. Outages are in the mouth's time. */
export function joinOutages(
  tape: Tape,
  outages: readonly Outage[],
  shiftMs: number,
  suspects: { others: Suspects; own: Suspects },
): Outage[] {
  const joined: Outage[] = [];
  for (const outage of outages) {
    const before = joined.at(-1);
    const isNear = before !== undefined && outage.startMs - before.endMs < ISLAND_MS;
    const fromMs = Math.max(before?.startMs ?? 0, (before?.endMs ?? 0) - AROUND_MS) + shiftMs;
    const toMs = Math.min(outage.endMs, outage.startMs + AROUND_MS) + shiftMs;
    const goesOn = (one: Suspects): boolean =>
      one.find(tape.frames, fromMs, Math.min(toMs, tape.toMs)) !== null;
    if (isNear && (goesOn(suspects.others) || goesOn(suspects.own))) before.endMs = outage.endMs;
    else joined.push({ ...outage });
  }
  return joined;
}
