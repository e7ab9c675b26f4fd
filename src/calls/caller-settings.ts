import type { Plan, PlannedFlow } from '../plan/types.js';
import { DIGITS } from '../scenario/check-flow.js';
import { speaksEvents, speaksNoise } from './callees.js';
import { FAILURES, isChallenge } from './failures.js';

/** What lab/sipp/caller.xml.hbs needs to know of a flow. */
export function callerSettings(
  plan: Plan,
  flow: PlannedFlow,
  answerLimitMs: number,
): Record<string, unknown> {
  const { digits, holdMs } = flow;
  const phone = plan.lab.nodes.find(({ name }) => name === flow.from)?.registration ?? null;
  const inviteCseq = phone ? 2 : 1;
  const info = digits?.mode === 'info' ? [...digits.text] : [];
  const pauses = info.map((_, index) => (index === 0 ? DIGITS.afterMs : DIGITS.eachMs));
  return {
    // SIPp makes branches of its process id, and that is the same in several nodes.
    node: flow.from,
    failures: FAILURES.filter((status) => !isChallenge(status)),
    infoFailures: FAILURES,
    answerLimitMs,
    holdMs: Math.max(1, holdMs - pauses.reduce((sum, pauseMs) => sum + pauseMs, 0)),
    auth: phone && { user: phone.extension, secret: phone.secret },
    noise: speaksNoise(plan),
    events: speaksEvents(plan) && (digits?.mode ?? 'rfc4733') === 'rfc4733',
    inviteCseq,
    info: info.map((digit, index) => ({
      digit,
      pauseMs: pauses[index],
      cseq: inviteCseq + 1 + index,
    })),
    byeCseq: inviteCseq + 1 + info.length,
  };
}
