import type { CallMeasure, Phase } from '../measures/types.js';
import type { PhaseName, PlannedExpectation } from '../plan/planned-expectation.js';
import type { PlannedFlow } from '../plan/planned-flow.js';
import { ROW, type PlacedCall } from '../measures/rows.js';
import type { Measured } from './finding.js';

/** Phases that only come if the system under test behaves, and the phase out of which they should have come. */
const EARNED: Partial<Record<PhaseName, PhaseName>> = { converged: 'fault', settled: 'recovery' };

/** The calls that an expectation speaks of. */
export interface ScopedCalls {
  /** Placed in the phase (or being set up when it began, if it is that of the faults) and by the flow asked for, in set-up order. */
  calls: PlacedCall[];
  /** The phase asked for; null for all, or where it never came. */
  phase: Phase | null;
  /** How many more were planned there and were never placed. */
  unplaced: number;
  /** Set if the phase never came although there were calls enough to reach it: that is a failure, not a gap. */
  neverReached: PhaseName | null;
  /** ` in the fault`, ` of office-out` … for sentences. */
  where: string;
}

export function callsInScope(
  expectation: PlannedExpectation,
  { plan, measures: { calls, phases } }: Measured,
): ScopedCalls {
  const { phase: name, flow } = expectation;
  const where = `${flow === null ? '' : ` of ${flow}`}${name === null ? '' : ` in phase ${name}`}`;
  const flows = new Set(
    plan.flows
      .filter((one) => (flow === null || one.name === flow) && speaksOf(expectation, one))
      .map((one) => one.name),
  );
  const ofFlow = calls.filter((call): call is PlacedCall => isPlaced(call) && flows.has(call.flow));
  const placed = new Set(calls.filter(isPlaced).map(({ id }) => id));
  const missing = plan.calls.filter((call) => !placed.has(call.id) && flows.has(call.flow));
  if (name === null)
    return { calls: ofFlow, phase: null, unplaced: missing.length, neverReached: null, where };
  const find = (wanted: PhaseName | undefined) => phases.find((phase) => phase.name === wanted);
  const during = (phase: Phase | undefined) =>
    phase ? ofFlow.filter((call) => isIn(phase, placedAt(call, find('fault')))) : [];
  const phase = find(name);
  const unplaced = missing.filter(({ atMs }) => phase && isIn(phase, atMs)).length;
  const neverReached = !phase && during(find(EARNED[name])).length >= ROW ? name : null;
  return { calls: during(phase), phase: phase ?? null, unplaced, neverReached, where };
}

const isIn = ({ fromMs, toMs }: Phase, atMs: number): boolean => atMs >= fromMs && atMs < toMs;

/** When a call was placed; one that the first fault met unanswered is that fault's, for it may have waited because of it. */
function placedAt({ inviteAt, answeredAt, endedAt }: PlacedCall, fault: Phase | undefined): number {
  if (!fault || inviteAt >= fault.fromMs) return inviteAt;
  return (answeredAt ?? endedAt ?? Infinity) < fault.fromMs ? inviteAt : fault.fromMs;
}

/** Nobody is at the other end of a mailbox to be heard, and calls within the PBX take no trunk. */
function speaksOf({ kind }: PlannedExpectation, { answers, direction, digits }: PlannedFlow): boolean {
  switch (kind) {
    case 'one-way-audio':
    case 'dead-air':
    case 'heard-share':
    case 'hole-in-call':
    case 'late-packets':
    case 'quality':
    case 'quality-off-model':
    case 'line-share':
      return answers !== 'pbx';
    case 'trunk-share':
    case 'codec-mismatch':
      return direction !== 'internal';
    case 'digits-read':
      return digits !== null;
    default:
      return true;
  }
}

const isPlaced = ({ inviteAt }: CallMeasure): boolean => inviteAt !== null;
