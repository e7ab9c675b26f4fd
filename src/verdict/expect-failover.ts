import { count } from '../base/count.js';
import { neverLeft } from '../measures/never-left.js';
import { placedBetween, ROW, routedCalls } from '../measures/rows.js';
import { FEWEST_CALLS } from '../measures/transitions.js';
import { spanOf } from '../measures/truth.js';
import type { Bound, PlannedExpectation } from '../plan/planned-expectation.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import { inSeconds, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

/** These two speak of the whole run: the phase and the flow of the expectation don't narrow them. */
export function judgeFailback({ statistic, bound }: Of<'failback'>, measured: Measured): Finding {
  const { failover, calls } = measured.measures;
  const routed = routedCalls(calls);
  if (statistic === 'settle-time') return judgeSettling(bound, measured);
  if (routed.length < FEWEST_CALLS)
    return invalid(`${count(routed.length, 'outbound call')} are too few to tell.`);
  const premature = failover.prematureCalls.length;
  const value = statistic === 'premature-calls' ? premature : failover.excessTransitions;
  const sentence =
    statistic === 'premature-calls'
      ? `${count(premature, 'call')} went back to the primary too early, ${failover.prematureCalls.filter(({ failed }) => failed).length} failed.`
      : `Traffic moved ${count(failover.transitions.length, 'time')} between trunks, ${failover.expectedTransitions} expected.`;
  const cited = new Set(failover.prematureCalls.map(({ id }) => id));
  return {
    verdict: satisfies(value, bound) ? 'pass' : 'fail',
    measured: value,
    summary: sentence,
    evidence:
      statistic === 'premature-calls'
        ? routed
            .filter(({ id }) => cited.has(id))
            .flatMap(({ attempts }) => attempts.map((one) => one.evidence))
        : failover.evidence,
  };
}

function judgeSettling(bound: Bound, { plan, truth, measures }: Measured): Finding {
  const { settleMs } = measures.failover;
  const outage = spanOf(truth.primaryCuts);
  if (!outage) return invalid('Nothing cut the primary off, so there was nothing to come home from.');
  const stayed = neverLeft(plan, truth, routedCalls(measures.calls), measures.failover);
  if (stayed.length > 0)
    return never(
      `Traffic never left the primary, so it could not come home: ${count(stayed.length, 'call')} still went there first when there had been time to notice that it was dead.`,
      stayed.slice(-1).flatMap(({ attempts }) => attempts.slice(0, 1).map((tried) => tried.evidence)),
    );
  const after = placedBetween(routedCalls(measures.calls), outage.toMs, Infinity);
  if (settleMs === null && after.length < ROW)
    return invalid(`${count(after.length, 'call')} after the last cut was healed are too few to tell.`);
  if (settleMs === null)
    return never(
      `Traffic never came home: no ${ROW} of the ${after.length} calls after healing went to the primary in a row.`,
      after.slice(-1).flatMap(({ evidence }) => evidence.slice(0, 1)),
    );
  return {
    verdict: satisfies(settleMs, bound) ? 'pass' : 'fail',
    measured: settleMs,
    summary: `Traffic was home ${inSeconds(settleMs)} after the last cut was healed.`,
    evidence: measures.failover.evidence.slice(-1),
  };
}

export function judgeDetection({ bound }: Of<'detection-time'>, { truth, measures }: Measured): Finding {
  const { detectionMs } = measures.failover;
  const outage = spanOf(truth.primaryCuts);
  if (!outage) return invalid('Nothing cut the primary off, so there was nothing to detect.');
  const during = placedBetween(routedCalls(measures.calls), outage.fromMs, outage.toMs);
  if (detectionMs === null && during.length < ROW)
    return invalid(`${count(during.length, 'call')} during the outage are too few to tell.`);
  if (detectionMs === null)
    return {
      verdict: 'fail',
      measured: null,
      summary: `The outage was never noticed: none of ${during.length} calls began ${ROW} in a row that kept off the dead trunk.`,
      evidence: during
        .slice(-1)
        .flatMap(({ attempts }) => attempts.slice(0, 1).map((tried) => tried.evidence)),
    };
  const settled = during.find(({ inviteAt }) => inviteAt >= outage.fromMs + detectionMs);
  return {
    verdict: satisfies(detectionMs, bound) ? 'pass' : 'fail',
    measured: detectionMs,
    summary: `From ${inSeconds(detectionMs)} after the cut, calls kept off the dead trunk.`,
    evidence: settled?.evidence.slice(0, 1) ?? [],
  };
}
