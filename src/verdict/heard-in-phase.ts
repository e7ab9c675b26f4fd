import { compareEars, timeUp } from '../measures/ears.js';
import { intersection } from '../measures/intervals.js';
import type { CallMeasure, Phase } from '../measures/types.js';

/** What a phase hears of one of its calls. */
export interface HeardInPhase {
  call: CallMeasure;
  oneWay: boolean | null;
  deadAir: boolean | null;
  /** Share of the worse ear, 0–1; null if either ear is unknown. */
  heardShare: number | null;
}

/** A signature can't be told in less: docs/measures.md §2. */
const SHORTEST_MS = 2000;

/**
 * A call belongs to the phase of its INVITE, and is listened to until its end; but what comes after the baseline is the
 * faults' doing, so a call of the baseline counts with what was said before its end. Null if that is too short to tell.
 */
export function heardInPhase(call: CallMeasure, phase: Phase | null): HeardInPhase | null {
  const { ears, oneWay, deadAir } = call;
  const up = timeUp(call);
  if (phase?.name !== 'baseline' || !up || up.endMs <= phase.toMs || !ears)
    return { call, oneWay, deadAir, heardShare: worseEar(call) };
  const part = { startMs: up.startMs, endMs: phase.toMs };
  const partMs = part.endMs - part.startMs;
  if (partMs < SHORTEST_MS) return null;
  const shares = [ears.caller, ears.callee].map(({ heardShare, outages }) => {
    if (heardShare === null) return null;
    const downMs = intersection(outages, [part]).reduce(
      (sum, { startMs, endMs }) => sum + endMs - startMs,
      0,
    );
    return 1 - downMs / partMs;
  });
  const compared = compareEars(ears.caller, ears.callee, part);
  return { call, oneWay: compared.oneWay, deadAir: compared.deadAir, heardShare: lowest(shares) };
}

/** The heard share of the worse ear, 0–1; null if either ear is unknown or the call was not answered. */
export const worseEar = ({ ears }: CallMeasure): number | null =>
  lowest([ears?.caller.heardShare ?? null, ears?.callee.heardShare ?? null]);

const lowest = (shares: (number | null)[]): number | null =>
  shares.includes(null) ? null : Math.min(...shares.map(Number));
