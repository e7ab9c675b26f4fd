import { troublesOf, type LineMeasure } from '../measures/lines.js';
import { neverLeft } from '../measures/never-left.js';
import { placedBetween, ROW, routedCalls, type PlacedCall } from '../measures/rows.js';
import { FEWEST_CALLS } from '../measures/transitions.js';
import { spanOf } from '../measures/truth.js';
import type { CallMeasure } from '../measures/types.js';
import { worseEar } from './heard-in-phase.js';
import type { Measured } from './finding.js';
import type { Scorecard } from './types.js';

/** docs/measures.md §5. Each axis 0–100, null where there is nothing to score it by; overall is the lowest. */
export function scorecard(measured: Measured): Scorecard {
  const { calls } = measured.measures;
  const axes = { ringback: ringbackAxis(calls), audio: audioAxis(calls), failback: failbackAxis(measured) };
  const { ringback, audio, failback } = axes;
  const overall =
    ringback === null || audio === null || failback === null ? null : Math.min(ringback, audio, failback);
  return { ...axes, overall };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** 100 up to 2 s, falling evenly to 50 at 6 s and on to 0 at 11 s (the bounds of E.721). */
export function ringbackScore(tookMs: number): number {
  if (tookMs <= 2000) return 100;
  if (tookMs <= 6000) return 100 - (50 * (tookMs - 2000)) / 4000;
  return Math.max(0, 50 - (50 * (tookMs - 6000)) / 5000);
}

/** Mean of the worst tenth of the calls placed, by the ringing that the caller could hear; never is 0. */
function ringbackAxis(calls: readonly CallMeasure[]): number | null {
  const scores = calls
    .flatMap(({ inviteAt, audibleRingbackAt }) => {
      if (inviteAt === null) return [];
      return [audibleRingbackAt === null ? 0 : ringbackScore(audibleRingbackAt - inviteAt)];
    })
    .sort((a, b) => a - b);
  return mean(scores.slice(0, Math.ceil(scores.length / 10)));
}

/** Mean over answered calls of what the worse ear heard; one-way or dead at the end is 0. Unmeasured ones are left out. */
function audioAxis(calls: readonly CallMeasure[]): number | null {
  return mean(
    calls.flatMap((call) => {
      const share = worseEar(call);
      if (share === null) return [];
      return [call.oneWayAtEnd === true ? 0 : 100 * share];
    }),
  );
}

/** The same of a site's lines. Who stayed on one that was cut never left; an impairment may have been too little to leave for. */
function lineAxis(
  routed: readonly PlacedCall[],
  { awayMs, homeMs, excessTransitions }: LineMeasure,
  { plan, truth }: Pick<Measured, 'plan' | 'truth'>,
): number | null {
  const [primary] = plan.lab.lines ?? [];
  const troubles = primary ? troublesOf(plan, truth, primary) : [];
  const span = spanOf(troubles);
  if (span && awayMs === null && troubles.some(({ fault }) => fault.kind === 'cut'))
    return placedBetween(routed, span.fromMs, span.toMs).length < ROW ? null : 0;
  if (span && span.toMs < Infinity && homeMs === null)
    return placedBetween(routed, span.toMs, Infinity).length < ROW ? null : 0;
  return 100 * Math.exp(-excessTransitions / 2);
}

/**
 * 100·e^(−X/2) less 10 for each premature call that failed; 0 if traffic should have come home and didn't, or should have
 * left and didn't: no excess move is no merit of who never moves.
 */
function failbackAxis({ plan, truth, measures: { calls, failover, lines } }: Measured): number | null {
  const routed = routedCalls(calls);
  if (routed.length < FEWEST_CALLS) return null;
  if (lines) return lineAxis(routed, lines, { plan, truth });
  if (neverLeft(plan, truth, routed, failover).length > 0) return 0;
  const outage = spanOf(truth.primaryCuts);
  if (outage && outage.toMs < Infinity && failover.settleMs === null)
    return placedBetween(routed, outage.toMs, Infinity).length < ROW ? null : 0;
  const failed = failover.prematureCalls.filter((call) => call.failed).length;
  return Math.max(0, 100 * Math.exp(-failover.excessTransitions / 2) - 10 * failed);
}
