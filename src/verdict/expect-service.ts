import { count } from '../base/count.js';
import { isHeardThrough } from '../measures/heard-through.js';
import type { PlacedCall } from '../measures/rows.js';
import type { CallMeasure } from '../measures/types.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { inSeconds, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

/** Good calls at the end that show that nothing goes wrong any more (own). */
const GOOD_TAIL = 3;

/** Answered, and both sides heard each other to the end; null if it was answered and couldn't be listened to. */
function isGood(call: CallMeasure, { plan }: Measured): boolean | null {
  const { answeredAt, flow } = call;
  if (answeredAt === null) return false;
  if (plan.flows.find(({ name }) => name === flow)?.answers === 'pbx') return true;
  return isHeardThrough(call);
}

export function judgeRestored(
  { bound }: Of<'restored'>,
  { calls, where }: ScopedCalls,
  measured: Measured,
): Finding {
  const [fault] = measured.truth.faults;
  if (!fault) return invalid('No fault was applied, so there was nothing to recover from.');
  const after = calls.filter(({ inviteAt }) => inviteAt >= fault.fromMs);
  const lastBad = after.findLast((call) => isGood(call, measured) !== true);
  const tail = lastBad ? after.slice(after.indexOf(lastBad) + 1) : after;
  const good = (tookMs: number, summary: string, cited: readonly PlacedCall[]): Finding => ({
    verdict: satisfies(tookMs, bound) ? 'pass' : 'fail',
    measured: tookMs,
    summary,
    evidence: cited.flatMap(({ evidence }) => evidence.slice(-1)),
  });
  if (lastBad && isGood(lastBad, measured) === null)
    return invalid(`${lastBad.id} was answered and could not be listened to.`);
  if (tail.length < GOOD_TAIL) {
    if (!lastBad)
      return invalid(`${count(after.length, 'call')}${where} after the fault are too few to tell.`);
    return never(
      `Calls${where} went wrong to the end: ${lastBad.id}, ${inSeconds(lastBad.inviteAt - fault.fromMs)} after the fault, was one of the last.`,
      lastBad.evidence.slice(-1),
    );
  }
  if (!lastBad) return good(0, `No call${where} went wrong after the fault.`, []);
  const tookMs = (tail[0]?.inviteAt ?? Infinity) - fault.fromMs;
  const wrong = after.filter((call) => isGood(call, measured) === false).length;
  return good(
    tookMs,
    `${count(wrong, 'call')}${where} went wrong after the fault, and none from ${inSeconds(tookMs)} on.`,
    [lastBad, ...tail.slice(0, 1)],
  );
}
