import type { Plan } from '../plan/types.js';
import { penaltyPeak, FLAPPING_FROM, runsZ } from './flapping.js';
import { contains } from './intervals.js';
import { neverLeft } from './never-left.js';
import { primaryTrunk } from './path.js';
import {
  avoidedTheDead,
  firstOfRow,
  placedBetween,
  routedCalls,
  wentStraightTo,
  type PlacedCall,
} from './rows.js';
import { findTransitions, primaryChoices } from './transitions.js';
import { spanOf, type Truth } from './truth.js';
import type { CallMeasure, FailoverMeasure } from './types.js';

const DEFAULT_HEALTH_INTERVAL_S = 1;
/** Half-life of the flap penalty, in health intervals (docs/measures.md §4). */
const HALF_LIFE_INTERVALS = 10;

/** Of what was not measured. */
export const NO_FAILOVER: FailoverMeasure = {
  transitions: [],
  expectedTransitions: 0,
  excessTransitions: 0,
  flapPenaltyPeak: null,
  flapping: false,
  runsZ: null,
  detectionMs: null,
  firstSuccessMs: null,
  settleMs: null,
  prematureCalls: [],
  callsLost: [],
  evidence: [],
};

/** docs/measures.md §4: how traffic left the primary and came home, against what was really done to the network. */
export function measureFailover(plan: Plan, truth: Truth, calls: readonly CallMeasure[]): FailoverMeasure {
  const routed = routedCalls(calls);
  const primary = primaryTrunk(plan)?.name ?? '';
  const transitions = findTransitions(routed, primary);
  // One out and one back for each outage, only out if it was not healed.
  const expectedTransitions = truth.primaryOutages.reduce(
    (sum, { toMs }) => sum + (toMs === Infinity ? 1 : 2),
    0,
  );
  const peak = penaltyPeak(
    transitions.map(({ beforeMs }) => beforeMs),
    HALF_LIFE_INTERVALS * 1000 * healthIntervalS(plan),
  );
  const times = recoveryTimes(plan, truth, routed, primary);
  const hasLeft = neverLeft(plan, truth, routed, { transitions, ...times }).length === 0;
  const moved = new Set(transitions.flatMap((transition) => transition.calls));
  return {
    transitions,
    expectedTransitions,
    excessTransitions: Math.max(0, transitions.length - expectedTransitions),
    flapPenaltyPeak: peak,
    flapping: peak !== null && peak >= FLAPPING_FROM,
    runsZ: runsZ(primaryChoices(routed, primary)),
    ...times,
    settleMs: hasLeft ? times.settleMs : null,
    prematureCalls: prematureCalls(plan, truth, routed, primary),
    callsLost: calls.filter((call) => call.inviteAt !== null && call.answeredAt === null).map(({ id }) => id),
    evidence: routed
      .filter(({ id }) => moved.has(id))
      .flatMap(({ attempts }) => attempts.map((tried) => tried.evidence)),
  };
}

function healthIntervalS({ lab }: Plan): number {
  const interval = lab.values['probe-interval-s'];
  return typeof interval === 'number' && interval > 0 ? interval : DEFAULT_HEALTH_INTERVAL_S;
}

function recoveryTimes(plan: Plan, truth: Truth, routed: readonly PlacedCall[], primary: string) {
  const [firstFault] = truth.faults;
  const span = spanOf(truth.primaryCuts);
  const success = firstFault
    ? placedBetween(routed, firstFault.fromMs, Infinity)
        .flatMap(({ answeredAt }) => (answeredAt === null ? [] : [answeredAt]))
        .reduce((earliest, at) => Math.min(earliest, at), Infinity)
    : Infinity;
  const converged =
    span && firstOfRow(placedBetween(routed, span.fromMs, span.toMs), avoidedTheDead(plan, truth));
  const home = span && firstOfRow(placedBetween(routed, span.toMs, Infinity), wentStraightTo(primary));
  return {
    detectionMs: span && converged ? converged.inviteAt - span.fromMs : null,
    firstSuccessMs: firstFault && success < Infinity ? success - firstFault.fromMs : null,
    settleMs: span && home ? home.inviteAt - span.toMs : null,
  };
}

/**
 * Calls that were tried on the primary while it was down, or within the hold-down after it (lab value `hold-down-s`,
 * default 0), although it had been left before: in this outage a call had been sent elsewhere at once, so it was known.
 * Tries before that are detection, not failback.
 */
function prematureCalls(plan: Plan, truth: Truth, routed: readonly PlacedCall[], primary: string) {
  const holdDownS = plan.lab.values['hold-down-s'];
  const holdDownMs = typeof holdDownS === 'number' ? holdDownS * 1000 : 0;
  const unfit = truth.primaryCuts.map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs + holdDownMs }));
  return truth.primaryOutages.flatMap(({ fromMs, toMs }) => {
    const concerned = placedBetween(routed, fromMs, toMs + holdDownMs);
    const left = concerned.findIndex(
      ({ attempts: [first] }) => first !== undefined && first.trunk !== primary,
    );
    return (left === -1 ? [] : concerned.slice(left))
      .filter(({ attempts }) =>
        attempts.some(({ trunk, atMs }) => trunk === primary && contains(unfit, atMs)),
      )
      .map(({ id, answeredAt }) => ({ id, failed: answeredAt === null }));
  });
}
