import type { PlannedTrunk } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';

/** Nobody should be sent to a dead trunk for longer than this, however it is probed (own). */
const CEILING_MS = 10_000;
/** "Long after" begins when the worst case is over by half (own). */
const PATIENCE = 1.5;
/**
 * How long calls may still be tried on a dead trunk. Worst-case detection of a black hole: interval × (threshold − 1) +
 * transaction timeout + interval (docs/measures.md §1). A transaction times out at each address of the trunk in turn
 * (RFC 3263 §4.3).
 */
export function allowedDetectionMs({ lab: { values } }: Plan, trunk: PlannedTrunk): number {
  const [intervalS, threshold, timeoutMs] = ['probe-interval-s', 'probe-threshold', 'invite-timeout-ms'].map(
    (name) => values[name],
  );
  if (typeof intervalS !== 'number' || typeof threshold !== 'number' || typeof timeoutMs !== 'number')
    return CEILING_MS;
  // An interval of 0 is probing switched off.
  if (intervalS <= 0) return CEILING_MS;
  const worstMs = intervalS * 1000 * threshold + timeoutMs * Math.max(1, trunk.addresses.length);
  return Math.min(CEILING_MS, PATIENCE * worstMs);
}
