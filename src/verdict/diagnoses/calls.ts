import { count } from '../../base/count.js';
import { routedCalls, type PlacedCall } from '../../measures/rows.js';
import { isDown } from '../../measures/truth.js';
import type { TrunkAttempt } from '../../measures/types.js';
import { CITED } from '../../evidence/cite.js';
import type { Case, RankedDiagnosis } from './case.js';
import { refusedTrunks } from './certificates-shown.js';

/** Request Timeout: what a proxy says when no answer came (RFC 3261 §16.7). */
const TIMED_OUT = 408;

/** RFC 3263 §4.3: a timeout or 503 means the next server; SBCs take 408 and the other 5xx for that too. */
const sendsOnward = (status: number): boolean => status === TIMED_OUT || (status >= 500 && status < 600);

/**
 * Calls that were lost because the one trunk tried failed, while another was alive, and not refused for its certificate. A call
 * that had begun to ring can't be moved any more, nor can one whose caller had given up.
 */
export function stuckCalls(subject: Case): PlacedCall[] {
  const { plan, truth, measures } = subject;
  // A trunk that gave no answer was dead, or its silence is what the caller was told of.
  const failed = ({ trunk, atMs, status }: TrunkAttempt, finalStatus: number | null) =>
    status === null ? isDown(truth, trunk, atMs) || finalStatus === TIMED_OUT : sendsOnward(status);
  const unusable = refusedTrunks(subject);
  return routedCalls(measures.calls).filter((call) => {
    const [first] = call.attempts;
    return (
      first !== undefined &&
      call.answeredAt === null &&
      call.firstProvisionalAt === null &&
      hadTimeToAdvance(call, first, subject) &&
      call.attempts.every((tried) => tried.trunk === first.trunk && failed(tried, call.finalStatus)) &&
      plan.lab.trunks.some(
        ({ name }) => name !== first.trunk && !unusable.has(name) && !isDown(truth, name, first.atMs),
      )
    );
  });
}

/** NO_ADVANCE_ON_FAILURE: a failure of a trunk was taken as final. */
export function diagnoseCalls(subject: Case): RankedDiagnosis[] {
  const stuck = stuckCalls(subject);
  if (stuck.length === 0) return [];
  const trunks = [...new Set(stuck.map(({ trunk }) => trunk))].join(', ');
  return [
    {
      code: 'NO_ADVANCE_ON_FAILURE',
      rank: 20,
      summary: `${count(stuck.length, 'call')} failed on ${trunks} and were given up, although another trunk was alive.`,
      advice:
        'Check the failure route: timeouts and 5xx must send a call on to the next trunk, before the caller gives up.',
      evidence: stuck
        .slice(0, CITED)
        .flatMap(({ id, attempts, evidence }) => [
          ...attempts.map((tried) => ({ ...tried.evidence, note: `${id} tries ${tried.trunk}` })),
          ...evidence.slice(-1),
        ]),
    },
  ];
}

/** Its failure reached the caller, or the caller waited for longer than the SBC waits for a trunk. */
function hadTimeToAdvance(call: PlacedCall, first: TrunkAttempt, { plan }: Case): boolean {
  if (call.finalStatus !== null) return sendsOnward(call.finalStatus);
  const timeoutMs = plan.lab.values['invite-timeout-ms'];
  return typeof timeoutMs === 'number' && call.endedAt !== null && call.endedAt - first.atMs > 2 * timeoutMs;
}
