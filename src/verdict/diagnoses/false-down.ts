import { count } from '../../base/count.js';
import { cite } from '../../evidence/cite.js';
import { contains } from '../../measures/intervals.js';
import { primaryTrunk } from '../../measures/path.js';
import { hesitated, routedCalls, type PlacedCall } from '../../measures/rows.js';
import { toInterval } from '../../measures/truth.js';
import { CITED } from '../../evidence/cite.js';
import type { Case, RankedDiagnosis } from './case.js';
import { graceMs } from './failback.js';

/** Calls that make it more than one call's luck (own). */
const KEPT = 3;
/** A probe is answered within this by what lives (RFC 3261: T1 is an estimate of a round trip). */
const PROBE_LIMIT_MS = 500;

/**
 * FALSE_DOWN: traffic left a trunk that was well. Its probes were answered, by something that isn't 200 and yet must come
 * from what lives, it refused no call, and calls went to another trunk without asking it.
 */
export function diagnoseFalseDown(subject: Case): RankedDiagnosis[] {
  const primary = primaryTrunk(subject.plan);
  if (primary === null) return [];
  const unfit = subject.truth.primaryCuts
    .map(toInterval)
    .map(({ startMs, endMs }) => ({ startMs, endMs: endMs + graceMs(subject) }));
  const isElsewhere = (call: PlacedCall) => {
    const [first] = call.attempts;
    return first !== undefined && first.trunk !== primary.name && !hesitated(subject.plan, call);
  };
  const routed = routedCalls(subject.measures.calls);
  const astray = routed.filter((call) => isElsewhere(call) && !contains(unfit, call.inviteAt));
  const [first, last] = [astray[0], astray.at(-1)];
  if (!first || !last || astray.length < KEPT) return [];
  const wasRefused = routed.some(({ attempts }) =>
    attempts.some(
      ({ trunk, atMs, status }) =>
        trunk === primary.name &&
        atMs <= last.inviteAt &&
        (status === null || status >= 500) &&
        !contains(unfit, atMs),
    ),
  );
  const leftMs = Math.max(
    -Infinity,
    ...routed
      .filter((call) => !isElsewhere(call) && call.inviteAt < first.inviteAt)
      .map(({ inviteAt }) => inviteAt),
  );
  const probes = answersToProbes(subject, leftMs, last.inviteAt);
  const strange = probes.filter(({ answer }) => isAliveAndNot200(answer?.status ?? null));
  if (wasRefused || strange.length < KEPT || probes.some(({ answer }) => answer === null)) return [];
  const statuses = [...new Set(strange.map(({ answer }) => answer?.status))].join(', ');
  return [
    {
      code: 'FALSE_DOWN',
      rank: 25,
      summary: `${astray.length} calls left ${primary.name} alone, although it was well: ${primary.carrier} answered each of ${count(probes.length, 'probe')} within ${PROBE_LIMIT_MS / 1000} s, ${strange.length} of them with ${statuses}, and had refused no call.`,
      advice: `Take any answer to OPTIONS for a sign of life, but a time-out (408) and 503: a carrier that answers ${statuses} is there.`,
      evidence: [
        ...strange
          .slice(0, CITED)
          .flatMap(({ answer }) =>
            answer ? [cite(answer, `${primary.carrier} answers OPTIONS with ${answer.status}`)] : [],
          ),
        ...astray
          .slice(0, CITED)
          .flatMap(({ id, attempts }) =>
            attempts.slice(0, 1).map((one) => ({ ...one.evidence, note: `${id} goes by ${one.trunk}` })),
          ),
      ],
    },
  ];
}

/** 3xx and 4xx come from what lives; 408 may be made by who waits, and with 5xx the far end says that it isn't well. */
const isAliveAndNot200 = (status: number | null): boolean =>
  status !== null && status >= 300 && status < 500 && status !== 408;

/** OPTIONS that came to the primary's carrier in this time, each with what it answered in time; null for none. */
function answersToProbes({ plan, index }: Case, fromMs: number, toMs: number) {
  const trunk = primaryTrunk(plan);
  const options = [...index.sip.values()]
    .flat()
    .filter(({ method, seen }) => method === 'OPTIONS' && seen.node === trunk?.carrier);
  return options
    .filter(
      ({ status, seen, dst }) => status === null && !seen.sent && trunk?.addresses.includes(dst.address),
    )
    .filter(({ seen }) => seen.atMs >= fromMs && seen.atMs <= toMs)
    .map((probe) => ({
      answer:
        options.find(
          ({ status, seen, callId, cseq }) =>
            status !== null &&
            seen.sent &&
            callId === probe.callId &&
            cseq === probe.cseq &&
            seen.atMs - probe.seen.atMs <= PROBE_LIMIT_MS,
        ) ?? null,
    }));
}
