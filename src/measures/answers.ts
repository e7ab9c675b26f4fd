import { cite } from '../evidence/cite.js';
import type { Evidence, SipMessage } from '../evidence/types.js';
import { problemAt, type Problem } from './problems.js';
import type { AppliedFault, Truth } from './truth.js';

const CITED = 4;

/**
 * What a node that was told to answer otherwise really said, by its own captures: its probes speak of its beginning and of
 * what the harness asked, this holds for every call and probe of the system under test, and for those that should go on
 * as ever.
 */
export function answerProblems({ faults }: Pick<Truth, 'faults'>, { sip }: Pick<Evidence, 'sip'>): Problem[] {
  return faults.flatMap((applied): Problem[] => {
    const { fault } = applied;
    if (fault.kind !== 'answer') return [];
    const wrong = [
      ...wrongAnswers(sip, applied, 'INVITE', fault.invite),
      ...wrongAnswers(sip, applied, 'OPTIONS', fault.options),
    ];
    const [first] = wrong;
    if (!first) return [];
    const { file, frame } = first.seen;
    const summary = `${fault.id} on ${fault.target}: ${wrong.length} answers are not what was asked for, such as ${first.status} to ${first.method} (frame ${frame} of ${file}).`;
    return [
      problemAt(
        'FAULT_NOT_PROVEN',
        summary,
        wrong.slice(0, CITED).map((one) => cite(one, `${one.status} to ${one.method}`)),
      ),
    ];
  });
}

/** First answers, beyond 100, to what came in while the fault was there. */
function wrongAnswers(
  sip: readonly SipMessage[],
  { fault, fromMs, toMs }: AppliedFault,
  method: string,
  wanted: number | null,
): SipMessage[] {
  const endMs = Math.min(toMs, fault.untilMs ?? Infinity);
  return sip
    .filter(
      (one) =>
        one.method === method &&
        one.status === null &&
        one.to.tag === null &&
        one.seen.node === fault.target &&
        !one.seen.sent &&
        one.seen.atMs >= fromMs &&
        one.seen.atMs < endMs,
    )
    .flatMap((request) => {
      const answer = sip.find(
        (one) =>
          one.method === method &&
          (one.status ?? 0) > 100 &&
          one.seen.sent &&
          one.seen.file === request.seen.file &&
          one.callId === request.callId &&
          one.branch === request.branch &&
          one.seen.atMs >= request.seen.atMs,
      );
      if (!answer || (wanted === null ? (answer.status ?? 0) < 300 : answer.status === wanted)) return [];
      return [answer];
    });
}
