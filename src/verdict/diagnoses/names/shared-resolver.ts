import { count } from '../../../base/count.js';
import type { Lookup } from '../../../measures/lookups.js';
import { linksBetween, primaryTrunk, trunkLinks } from '../../../measures/path.js';
import { routedCalls, type PlacedCall } from '../../../measures/rows.js';
import { isDown } from '../../../measures/truth.js';
import type { Plan } from '../../../plan/types.js';
import { citeCalls } from '../../cite-calls.js';
import type { Case, RankedDiagnosis } from '../case.js';
import { lookupsOfChoosers, nodeAt, SEVERAL } from './asking.js';

/** Own: who asks has given up by then (`options timeout` is 5 s by default, and 1 s with who is in a hurry). */
const TOO_LATE_MS = 1000;
/** Own: a failure is remembered for about this long by who asked. */
const REMEMBERED_MS = 1500;

/**
 * SHARED_RESOLVER: calls were lost because no resolver gave an answer, although a trunk was alive. All resolvers that were
 * ever asked stand behind the primary's line, so that names are gone when it is.
 */
export function sharedResolver(subject: Case): RankedDiagnosis[] {
  const { plan, truth, measures } = subject;
  const asked = lookupsOfChoosers(subject);
  const servers = [...new Set(asked.map(({ server }) => server))].map((server) => nodeAt(plan, server));
  const line = servers.length > 0 ? lineShared(plan, servers) : null;
  if (line === null) return [];
  const failed = asked.filter(isUseless);
  const isHit = ({ inviteAt, answeredAt, endedAt, attempts }: PlacedCall) =>
    answeredAt === null &&
    attempts.length === 0 &&
    plan.lab.trunks.some(({ name }) => !isDown(truth, name, inviteAt)) &&
    failed.some(({ askedAt }) => askedAt > inviteAt - REMEMBERED_MS && askedAt < (endedAt ?? Infinity));
  const lost = routedCalls(measures.calls).filter(isHit);
  if (lost.length < SEVERAL) return [];
  const names = servers.join(' and ');
  return [
    {
      code: 'SHARED_RESOLVER',
      rank: 16,
      summary: `${count(lost.length, 'call')} went nowhere while ${names} gave no answer that could be used (${howTheyFailed(failed)}): nobody else is asked for names, and the way there is the primary's line (${line}).`,
      advice: `Give the SBC a second resolver that is reached by another line than ${line}, with a time-out of a second.`,
      evidence: [...citedOf(failed), ...citeCalls(lost, 'not sent anywhere')],
    },
  ];
}

/** A link that only the primary's calls need, and all of these servers stand behind; null if one doesn't. */
function lineShared(plan: Plan, servers: readonly string[]): string | null {
  const primary = primaryTrunk(plan);
  const chooser =
    plan.lab.nodes.find(({ role }) => role === 'sbc') ?? plan.lab.nodes.find(({ role }) => role === 'pbx');
  if (!primary || !chooser) return null;
  const others = plan.lab.trunks
    .filter(({ name }) => name !== primary.name)
    .flatMap((trunk) => trunkLinks(plan, trunk));
  const own = trunkLinks(plan, primary).filter((link) => !others.includes(link));
  return (
    own.find((link) => servers.every((server) => linksBetween(plan, chooser.name, server).includes(link))) ??
    null
  );
}

const isUseless = ({ askedAt, answeredAt, rcode }: Lookup): boolean =>
  answeredAt === null || rcode === 'SERVFAIL' || rcode === 'REFUSED' || answeredAt - askedAt > TOO_LATE_MS;

const howItFailed = ({ answeredAt, rcode }: Lookup): string =>
  answeredAt === null ? 'unanswered' : rcode === 'NOERROR' || rcode === 'NXDOMAIN' ? 'late' : (rcode ?? '');

/** `14 unanswered, 9 SERVFAIL` */
function howTheyFailed(failed: readonly Lookup[]): string {
  const ways = new Map<string, number>();
  for (const lookup of failed) ways.set(howItFailed(lookup), (ways.get(howItFailed(lookup)) ?? 0) + 1);
  return [...ways].map(([way, times]) => `${times} ${way}`).join(', ');
}

/** The first of each way. */
const citedOf = (failed: readonly Lookup[]) =>
  [...new Map(failed.toReversed().map((lookup) => [howItFailed(lookup), lookup])).values()]
    .sort((a, b) => a.askedAt - b.askedAt)
    .flatMap(({ evidence }) => evidence.slice(-1));
