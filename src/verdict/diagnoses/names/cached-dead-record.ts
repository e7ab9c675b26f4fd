import { count } from '../../../base/count.js';
import { routedCalls } from '../../../measures/rows.js';
import { isDown, type AppliedFault } from '../../../measures/truth.js';
import { inSeconds } from '../../words.js';
import { CITED } from '../../../evidence/cite.js';
import type { Case, RankedDiagnosis } from '../case.js';
import { lookupsOfChoosers, nodeAt, SEVERAL } from './asking.js';

/** Own: rounding of TTLs at each cache on the way, and calls that were under way. */
const SLACK_MS = 2500;

/**
 * DNS_CACHED_DEAD_RECORD: a record was changed at the authority, the old one's time was over, and calls were still sent to
 * the address that it gave, which was dead.
 */
export function cachedDeadRecord(subject: Case): RankedDiagnosis[] {
  return subject.truth.faults.flatMap((applied) => rememberedDead(subject, applied));
}

function rememberedDead(subject: Case, { fault, fromMs, toMs }: AppliedFault): RankedDiagnosis[] {
  const { plan, truth, measures } = subject;
  if (fault.kind !== 'dns' || fault.answer.how !== 'changed') return [];
  const { data } = fault.answer;
  const [record] = fault.records;
  if (!record) return [];
  const given = record.data.filter((address) => !data.includes(address));
  const overMs = fromMs + record.ttlS * 1000;
  const tries = routedCalls(measures.calls).flatMap(({ id, attempts }) =>
    attempts
      .filter(({ trunk, atMs }) => {
        const addresses = plan.lab.trunks.find(({ name }) => name === trunk)?.addresses ?? [];
        const isOld = addresses.some((address) => given.includes(address));
        return isOld && atMs > overMs + SLACK_MS && atMs < toMs && isDown(truth, trunk, atMs);
      })
      .map(({ trunk, atMs, evidence }) => ({
        ...evidence,
        atMs,
        note: `${id} is sent to ${trunk}, which is dead`,
      })),
  );
  if (tries.length < SEVERAL) return [];
  const old = lookupsOfChoosers(subject).filter((lookup) =>
    lookup.answers.some((answer) => given.includes(answer.data)),
  );
  const late = old.findLast(({ askedAt }) => askedAt > overMs + SLACK_MS);
  const last = late ?? old.findLast(({ askedAt }) => askedAt < toMs);
  const keeper = late ? nodeAt(plan, late.server) : 'the SBC, which asked nobody again,';
  const lateMs = Math.max(...tries.map(({ atMs }) => atMs)) - overMs;
  return [
    {
      code: 'DNS_CACHED_DEAD_RECORD',
      rank: 17,
      summary: `${record.name} gave ${data.join(', ')} instead of ${given.join(', ')}, and ${count(tries.length, 'call')} were still sent to the old address, which was dead, up to ${inSeconds(lateMs)} after its ${record.ttlS} s were over: ${keeper} keeps records for longer than their TTL.`,
      advice: `Look for a least time of cached records (dns_cache_min_ttl, cache-min-ttl) at ${late ? keeper : 'the SBC'}, and take it out: a carrier that moves its name counts on the TTL.`,
      evidence: [
        {
          file: 'journal.jsonl',
          atMs: fromMs,
          note: `${fault.id}: ${fault.target} gives ${data.join(', ')}`,
        },
        ...(last?.evidence.slice(-1) ?? []),
        ...tries.slice(0, CITED),
        ...tries.slice(-1),
      ],
    },
  ];
}
