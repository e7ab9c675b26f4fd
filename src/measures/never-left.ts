import type { Plan } from '../plan/types.js';
import { allowedDetectionMs } from './detection-time.js';
import { contains } from './intervals.js';
import { primaryTrunk } from './path.js';
import { ROW, type PlacedCall } from './rows.js';
import { isDown, toInterval, type Truth } from './truth.js';
import type { FailoverMeasure } from './types.js';

/**
 * Calls that show that traffic never left the primary while it was cut off: nothing moved, and at least ROW calls were
 * sent there first although another trunk was alive and there had been time to notice. Who never left has not come
 * home. Empty if it left, or if no outage was long enough to tell.
 */
export function neverLeft(
  plan: Plan,
  truth: Truth,
  routed: readonly PlacedCall[],
  { transitions, detectionMs }: Pick<FailoverMeasure, 'transitions' | 'detectionMs'>,
): PlacedCall[] {
  const primary = primaryTrunk(plan);
  if (primary === null || transitions.length > 0 || detectionMs !== null) return [];
  const noticeable = truth.primaryCuts
    .map(toInterval)
    .map(({ startMs, endMs }) => ({ startMs: startMs + allowedDetectionMs(plan, primary), endMs }));
  const stayed = routed.filter(
    ({ inviteAt, attempts: [first] }) =>
      first?.trunk === primary.name &&
      contains(noticeable, inviteAt) &&
      plan.lab.trunks.some(({ name }) => name !== primary.name && !isDown(truth, name, inviteAt)),
  );
  return stayed.length >= ROW ? stayed : [];
}
