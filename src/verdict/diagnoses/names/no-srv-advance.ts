import { count } from '../../../base/count.js';
import type { Lookup } from '../../../measures/lookups.js';
import type { PlacedCall } from '../../../measures/rows.js';
import { stuckCalls } from '../calls.js';
import { CITED } from '../../../evidence/cite.js';
import type { Case, RankedDiagnosis } from '../case.js';
import { lookupsOfChoosers } from './asking.js';

/** Own: a lookup comes before the INVITE that it is for, or with the call that waits for it. */
const WAIT_MS = 3000;

/** NO_SRV_ADVANCE: the first target of the SRV records didn't answer, the next was alive, and it was never tried. */
export function noSrvAdvance(subject: Case): RankedDiagnosis[] {
  const lookups = lookupsOfChoosers(subject);
  const stuck = stuckCalls(subject).flatMap((call) => {
    const srv = lookups.findLast(
      ({ type, answers, answeredAt }) =>
        type === 'SRV' &&
        answers.length > 1 &&
        answeredAt !== null &&
        answeredAt < call.inviteAt + WAIT_MS &&
        leadsTo(answers, call, lookups, subject),
    );
    return srv ? [{ call, srv }] : [];
  });
  const [first] = stuck;
  if (!first) return [];
  const [tried = '', ...next] = targetsOf(first.srv.answers);
  return [
    {
      code: 'NO_SRV_ADVANCE',
      rank: 18,
      summary: `${count(stuck.length, 'call')} got no answer from ${tried} and were given up, although the SRV records of ${first.srv.name} have ${next.join(', ')} after it, which was never tried.`,
      advice:
        'Let the SBC go on to the next SRV record after a time-out (RFC 3263 §4.3; in Kamailio use_dns_failover, which needs use_dns_cache).',
      evidence: [
        ...first.srv.evidence.slice(-1),
        ...stuck
          .slice(0, CITED)
          .flatMap(({ call: { id, attempts } }) =>
            attempts.map(({ trunk, evidence }) => ({ ...evidence, note: `${id} tries ${trunk} only` })),
          ),
      ],
    },
  ];
}

/** Hosts of SRV data, by priority. */
const targetsOf = (answers: Lookup['answers']): string[] =>
  answers
    .map(({ data }) => data.split(' '))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map((parts) => parts[3] ?? '');

/** The call was tried at the address of the first target. */
function leadsTo(
  answers: Lookup['answers'],
  call: PlacedCall,
  lookups: readonly Lookup[],
  { plan }: Case,
): boolean {
  const [target] = targetsOf(answers);
  const addresses = lookups
    .filter(({ name, type }) => name === target && type === 'A')
    .flatMap((lookup) => lookup.answers.map(({ data }) => data));
  const trunk = plan.lab.trunks.find(({ name }) => name === call.attempts[0]?.trunk);
  return trunk?.addresses.some((address) => addresses.includes(address)) ?? false;
}
