import { count } from '../../base/count.js';
import { primaryTrunk } from '../../measures/path.js';
import { placedBetween, ROW, routedCalls } from '../../measures/rows.js';
import { spanOf } from '../../measures/truth.js';
import { inSeconds } from '../words.js';
import { CITED } from '../../evidence/cite.js';
import { citeFaults, type Case, type RankedDiagnosis } from './case.js';

/** Excess transitions that are flapping whatever their times: "two or more extra" fails (docs/measures.md §1). */
const EXCESS = 2;
/** Own: premature calls that can't be one probe's luck. */
const PREMATURE = 2;
/** Own: time after healing in which nobody expects traffic to be home, unless recovery by probes takes longer. */
const GRACE_MS = 10_000;

export function diagnoseFailback(subject: Case): RankedDiagnosis[] {
  return [...flapping(subject), ...premature(subject), ...noFailback(subject)];
}

function flapping({ truth, measures: { failover } }: Case): RankedDiagnosis[] {
  const { transitions, expectedTransitions, excessTransitions, flapPenaltyPeak } = failover;
  const byPenalty = failover.flapping && excessTransitions > 0;
  if (excessTransitions < EXCESS && !byPenalty) return [];
  return [
    {
      code: 'FLAPPING',
      rank: 30,
      summary: `Traffic moved ${count(transitions.length, 'time')} between trunks where ${expectedTransitions} would do (penalty ${flapPenaltyPeak?.toFixed(1) ?? 'unknown'}).`,
      advice:
        'Give the health check hysteresis: several misses in a row until a trunk is out, and several answers in a row until it is back.',
      evidence: [...citeFaults(truth.primaryCuts), ...failover.evidence],
    },
  ];
}

function premature({ plan, truth, measures }: Case): RankedDiagnosis[] {
  const { prematureCalls } = measures.failover;
  const failed = prematureCalls.filter((call) => call.failed).length;
  if (prematureCalls.length < PREMATURE && failed === 0) return [];
  const ids = new Set(prematureCalls.map(({ id }) => id));
  const primary = primaryTrunk(plan)?.name ?? 'the primary';
  return [
    {
      code: 'PREMATURE_FAILBACK',
      rank: 50,
      summary: `${count(prematureCalls.length, 'call')} went back to ${primary} before it was fit to take calls; ${failed} of them failed.`,
      advice:
        'Let a trunk stay out until it has answered several probes in a row, and hold it down for a while.',
      evidence: [
        ...citeFaults(truth.primaryCuts),
        ...routedCalls(measures.calls)
          .filter(({ id }) => ids.has(id))
          .slice(0, CITED)
          .flatMap(({ id, attempts }) =>
            attempts.slice(0, 1).map((one) => ({ ...one.evidence, note: `${id} goes back` })),
          ),
      ],
    },
  ];
}

/** Time that recovery by probes may take: interval × answers in a row, at least GRACE_MS. */
export function graceMs({ plan: { lab } }: Case): number {
  const [intervalS, answers] = [lab.values['probe-interval-s'], lab.values['recover-threshold']];
  const byProbesMs =
    typeof intervalS === 'number' && typeof answers === 'number' ? 1000 * intervalS * (answers + 1) : 0;
  return Math.max(GRACE_MS, byProbesMs);
}

function noFailback(subject: Case): RankedDiagnosis[] {
  const { plan, truth, measures } = subject;
  const outage = spanOf(truth.primaryCuts);
  if (!outage || outage.toMs === Infinity || measures.failover.settleMs !== null) return [];
  const after = placedBetween(routedCalls(measures.calls), outage.toMs + graceMs(subject), Infinity);
  const primary = primaryTrunk(plan)?.name;
  const elsewhere = after.filter(({ trunk }) => trunk !== null && trunk !== primary);
  if (elsewhere.length < ROW || elsewhere.length < after.length) return [];
  return [
    {
      code: 'NO_FAILBACK',
      rank: 60,
      summary: `Traffic never came home: ${inSeconds((after.at(-1)?.inviteAt ?? 0) - outage.toMs)} after ${primary ?? 'the primary'} was healed, calls still went another way.`,
      advice:
        'Check how the SBC takes a trunk back: are dead trunks probed at all, and do answers bring them back?',
      evidence: elsewhere
        .slice(-CITED)
        .flatMap(({ id, attempts }) =>
          attempts.slice(0, 1).map((one) => ({ ...one.evidence, note: `${id} goes elsewhere` })),
        ),
    },
  ];
}
