import { count } from '../../base/count.js';
import { isCutShort } from '../../measures/hang-ups.js';
import { CITED } from '../../evidence/cite.js';
import { citeHangUp, whoHungUp } from '../hang-up-words.js';
import { inSeconds } from '../words.js';
import { isTouchedByFault, type Case, type RankedDiagnosis } from './case.js';

/** CALLS_CUT_SHORT: somebody other than the caller ended calls before their time, and no fault was on their way. */
export function diagnoseCutShort(subject: Case): RankedDiagnosis[] {
  const untouched = subject.measures.calls.filter(
    (call) => call.answeredAt !== null && !isTouchedByFault(call, subject),
  );
  const cut = untouched
    .filter((call) => isCutShort(call) === true)
    .sort((a, b) => (b.hangUp?.restMs ?? 0) - (a.hangUp?.restMs ?? 0));
  const [worst] = cut;
  if (!worst) return [];
  return [
    {
      code: 'CALLS_CUT_SHORT',
      rank: 60,
      summary: `${whoHungUp(cut)} hung up ${cut.length} of ${count(untouched.length, 'answered call')} that nobody was done with and no fault was on the way of, up to ${inSeconds(worst.hangUp?.restMs ?? 0)} before its caller would have.`,
      advice: `Look at what ended ${worst.id} in the log of ${worst.hangUp?.by ?? 'who hung up'}: a limit of a call's length, a session timer (RFC 4028) without refresh, or a watch on media that found none.`,
      evidence: cut.slice(0, CITED).flatMap(citeHangUp),
    },
  ];
}
