import { count } from '../base/count.js';
import { isCutShort } from '../measures/hang-ups.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { CITED } from '../evidence/cite.js';
import { undecided } from './expect-calls.js';
import { invalid, type Finding } from './finding.js';
import { citeHangUp, whoHungUp } from './hang-up-words.js';
import type { ScopedCalls } from './scope.js';
import { satisfies } from './words.js';

/** Calls that lasted until their callers hung up, over answered calls. */
export function judgeKept(
  { bound }: Extract<PlannedExpectation, { kind: 'calls-kept' }>,
  scoped: ScopedCalls,
): Finding {
  const { calls, where } = scoped;
  const answered = calls.filter(({ answeredAt }) => answeredAt !== null);
  if (answered.length === 0) return invalid(`No call was answered${where}, so none could be cut short.`);
  const cut = answered.filter((call) => isCutShort(call) === true);
  const unknown = answered.filter((call) => isCutShort(call) === null).length;
  const share = (lost: number) => (answered.length - lost) / answered.length;
  if (satisfies(share(cut.length), bound) !== satisfies(share(cut.length + unknown), bound))
    return invalid(`Who ended ${count(unknown, 'answered call')}${where} can't be told.`);
  const kept = answered.length - cut.length;
  const open = undecided(kept, answered.length, scoped, bound);
  if (open) return open;
  return {
    verdict: satisfies(share(cut.length), bound) ? 'pass' : 'fail',
    measured: share(cut.length),
    summary: `${kept} of ${count(answered.length, 'answered call')}${where} lasted until their callers hung up${cut.length > 0 ? `; ${whoHungUp(cut)} ended the others` : ''}.`,
    evidence: cut.slice(0, CITED).flatMap(citeHangUp),
  };
}
