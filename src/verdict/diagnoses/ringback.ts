import { count } from '../../base/count.js';
import type { CallMeasure } from '../../measures/types.js';
import { citeCalls } from '../cite-calls.js';
import { isTouchedByFault, type Case, type RankedDiagnosis } from './case.js';

/** NO_RINGBACK: a call got through, and until it was answered its caller heard nothing. */
export function diagnoseRingback(subject: Case): RankedDiagnosis[] {
  const calls = subject.measures.calls.filter((call) => gotThrough(call) && !isTouchedByFault(call, subject));
  const mute = calls.filter(({ audibleRingbackAt }) => audibleRingbackAt === null);
  if (mute.length === 0) return [];
  const promised = mute.filter(({ ringbackAt }) => ringbackAt !== null).length;
  const how =
    promised === 0
      ? 'no ringing was signalled'
      : promised === mute.length
        ? 'early media was signalled, but no ringback tone was in it'
        : `early media without a ringback tone was signalled to ${promised}, and nothing to the others`;
  return [
    {
      code: 'NO_RINGBACK',
      rank: 90,
      summary: `${mute.length} of ${count(calls.length, 'call')} that got through gave their callers silence instead of ringing: ${how}.`,
      advice:
        'Follow 180 and 183 from the carrier to the phone: which node swallows them, or the early media after them?',
      evidence: citeCalls(mute, 'no ringback'),
    },
  ];
}

const gotThrough = ({ answeredAt, ringbackAt }: CallMeasure): boolean =>
  answeredAt !== null || ringbackAt !== null;
