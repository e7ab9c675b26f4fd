import type { PlannedFlow } from '../plan/planned-flow.js';
import type { Plan } from '../plan/types.js';
import { DIGITS } from '../scenario/check-flow.js';
import { codecOf, sdpCodec, speaksEvents, speaksNoise } from './callees.js';
import { FAILURES, isChallenge, isOfCallee } from './failures.js';

/** A carrier that hears nothing of a call gives it to the next one. */
const HAND_OVER_AFTER_MS = 2000;
/** A call waits for so long for being given to its second carrier: by then it was refused at the first. */
const HAND_OVER_LIMIT_MS = 6000;

/** Which carrier of a flow it is; `only` where there is one, and for phones. */
export type Turn = 'only' | 'first' | 'second';

/** What lab/sipp/caller.xml.hbs needs to know of a flow. */
export function callerSettings(
  plan: Plan,
  flow: PlannedFlow,
  answerLimitMs: number,
  turn: Turn = 'only',
): Record<string, unknown> {
  const { digits, holdMs } = flow;
  const phone = plan.lab.nodes.find(({ name }) => name === flow.from)?.registration ?? null;
  const inviteCseq = phone ? 2 : 1;
  const info = digits?.mode === 'info' ? [...digits.text] : [];
  const pauses = info.map((_, index) => (index === 0 ? DIGITS.afterMs : DIGITS.eachMs));
  return {
    // SIPp makes branches of its process id, and that is the same in several nodes.
    node: turn === 'second' ? (flow.alternate?.from ?? '') : flow.from,
    // Two carriers that try one call have a dialog each.
    tagEnd: turn === 'second' ? '-2' : '',
    assertsIdentity: flow.direction === 'inbound',
    handsOver:
      turn === 'first'
        ? {
            afterMs: HAND_OVER_AFTER_MS,
            failures: FAILURES.filter((status) => !isOfCallee(status) && !isChallenge(status)),
          }
        : null,
    waitsForGo: turn === 'second' ? { limitMs: HAND_OVER_LIMIT_MS } : null,
    failures: FAILURES.filter((status) => !isChallenge(status) && (turn !== 'first' || isOfCallee(status))),
    infoFailures: FAILURES,
    answerLimitMs,
    holdMs: Math.max(1, holdMs - pauses.reduce((sum, pauseMs) => sum + pauseMs, 0)),
    auth: phone && { user: phone.extension, secret: phone.secret },
    codec: sdpCodec(codecOf(plan, turn === 'second' ? (flow.alternate?.from ?? '') : flow.from)),
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
