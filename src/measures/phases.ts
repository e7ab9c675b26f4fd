import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { keptOffTrouble, stayedOn, type LineMeasure } from './lines.js';
import { primaryTrunk } from './path.js';
import { avoidedTheDead, firstOfRow, placedBetween, routedCalls, wentStraightTo } from './rows.js';
import { spanOf, type Truth } from './truth.js';
import type { CallMeasure, Phase } from './types.js';

/**
 * Cuts the run into phases, from what was really done and seen:
 * - baseline: start → first fault applied
 * - fault: first applied → last healed (to the end if one wasn't)
 * - converged: the part of `fault` from the first of 5 successive calls that were answered without trying a dead trunk
 * - recovery: last healed → settled
 * - settled: from the first of 5 successive calls straight to the primary → end
 *
 * Where a site has several lines, calls of the converged phase also keep off lines in trouble, and those of the settled one have
 * their media on the primary line.
 *
 * A call belongs to every phase in which its INVITE falls, so one in `converged` is in `fault` too; one that the first fault
 * met unanswered is judged in `fault` (`callsInScope`). A phase that never came is left out.
 */
export function derivePhases(
  plan: Plan,
  journal: readonly JournalEntry[],
  truth: Truth,
  calls: readonly CallMeasure[],
  lines: LineMeasure | null = null,
): Phase[] {
  const ended = journal.findLast(({ event }) => event === 'traffic-ended')?.atMs ?? plan.trafficMs;
  const endMs = Math.max(plan.trafficMs, ended);
  const span = spanOf(truth.faults);
  if (!span) return [{ name: 'baseline', fromMs: 0, toMs: endMs }];
  const healedMs = Math.min(span.toMs, endMs);
  const routed = routedCalls(calls);
  const avoided = avoidedTheDead(plan, truth);
  const keptOff = lines ? keptOffTrouble(plan, truth, lines.calls) : () => true;
  const converged = firstOfRow(
    placedBetween(routed, span.fromMs, healedMs),
    (call) => avoided(call) && keptOff(call),
  );
  const phases: Phase[] = [
    { name: 'baseline', fromMs: 0, toMs: span.fromMs },
    { name: 'fault', fromMs: span.fromMs, toMs: healedMs },
  ];
  if (converged) phases.push({ name: 'converged', fromMs: converged.inviteAt, toMs: healedMs });
  if (healedMs < endMs) {
    const primary = primaryTrunk(plan)?.name ?? '';
    const straight = wentStraightTo(primary);
    const [line] = plan.lab.lines ?? [];
    const isHome = lines && line ? stayedOn(line.name, lines.calls) : () => true;
    const settled = firstOfRow(
      placedBetween(routed, healedMs, Infinity),
      (call) => straight(call) && isHome(call),
    );
    phases.push({ name: 'recovery', fromMs: healedMs, toMs: settled?.inviteAt ?? endMs });
    if (settled) phases.push({ name: 'settled', fromMs: settled.inviteAt, toMs: endMs });
  }
  return phases.filter(({ fromMs, toMs }) => toMs > fromMs);
}
