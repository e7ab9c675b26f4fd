import { count } from '../../../base/count.js';
import { routedCalls } from '../../../measures/rows.js';
import type { AppliedFault } from '../../../measures/truth.js';
import { inSeconds } from '../../words.js';
import { citeCalls } from '../../cite-calls.js';
import type { Case, RankedDiagnosis } from '../case.js';
import { lookupsOfChoosers, nodeAt, SEVERAL } from './asking.js';

/** Own: a name that is back should be found again after this. */
const GRACE_MS = 5000;

/** NEGATIVE_CACHE: a name is there again, and calls to it go on failing, because somebody remembers that it wasn't. */
export function negativeCache(subject: Case): RankedDiagnosis[] {
  return subject.truth.faults.flatMap((applied) => rememberedMissing(subject, applied));
}

function rememberedMissing(subject: Case, { fault, toMs }: AppliedFault): RankedDiagnosis[] {
  const { plan, truth, measures, index } = subject;
  if (fault.kind !== 'dns' || fault.answer.how !== 'nxdomain') return [];
  const isAbout = ({ name, type }: { name: string; type: string }) =>
    fault.records.some((record) => record.name.toLowerCase() === name && record.type === type);
  const negative = index.lookups.filter((lookup) => lookup.rcode === 'NXDOMAIN' && isAbout(lookup));
  const nextMs = Math.min(...truth.faults.map(({ fromMs }) => fromMs).filter((at) => at > toMs), Infinity);
  const foundMs = Math.min(
    ...lookupsOfChoosers(subject)
      .filter((lookup) => lookup.answers.length > 0 && isAbout(lookup) && lookup.askedAt > toMs)
      .map(({ askedAt }) => askedAt),
    Infinity,
  );
  const lost = routedCalls(measures.calls).filter(
    ({ inviteAt, answeredAt, attempts }) =>
      answeredAt === null &&
      attempts.length === 0 &&
      inviteAt > toMs + GRACE_MS &&
      inviteAt < Math.min(nextMs, foundMs),
  );
  const source = negative.findLast(({ authoritative }) => authoritative);
  const [told] = negative.filter(({ authoritative, askedAt }) => !authoritative && askedAt > toMs);
  if (lost.length < SEVERAL || negative.length === 0) return [];
  const keeper = told ? nodeAt(plan, told.server) : 'the SBC';
  const mayKeep = (source ?? negative.at(-1))?.negativeTtlS ?? null;
  const lastMs = (lost.at(-1)?.inviteAt ?? toMs) - toMs;
  return [
    {
      code: 'NEGATIVE_CACHE',
      rank: 17,
      summary: `${fault.record ?? 'The name'} was there again at ${fault.target}, and ${count(lost.length, 'call')} went nowhere up to ${inSeconds(lastMs)} later: ${keeper} still remembers that it wasn't${mayKeep === null ? '' : `, which the zone allows for ${mayKeep} s`}.`,
      advice: `Lower the last figure of the zone's SOA record (how long a missing name may be remembered), or cap it at ${keeper}, and flush the caches when a record is put back.`,
      evidence: [
        {
          file: 'journal.jsonl',
          atMs: toMs,
          note: `${fault.id} healed: ${fault.target} has the record again`,
        },
        ...(source?.evidence.slice(-1) ?? []),
        ...(told?.evidence.slice(-1) ?? []),
        ...citeCalls(lost, 'not sent anywhere'),
      ],
    },
  ];
}
