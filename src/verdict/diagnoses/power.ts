import { count } from '../../base/count.js';
import { callsThrough, type PowerCycle } from '../../measures/power-cycles.js';
import { isDown } from '../../measures/truth.js';
import { LONGEST_RETRY } from '../../plan/phones.js';
import { inSeconds } from '../words.js';
import { citeCalls } from '../cite-calls.js';
import { trafficEndMs, type Case, type RankedDiagnosis } from './case.js';

/** Own: who isn't told that its registrar was away finds out by then, by a keep-alive (RFC 5626 §4.4.2: every 24–29 s) or by registering again. */
const UNAWARE_S = 30;
/** A registration itself (docs/measures.md §1: degraded up to 4 s). */
const REGISTRATION_MS = 4000;
/** Calls turned away by a node that is ready that can't be one probe's luck (own). */
const TURNED_AWAY = 3;
/** Own: time that a node which is ready may take until its own checks are through. */
const SETTLE_MS = 2000;

/** What became of nodes whose power was back. */
export function diagnosePower(subject: Case): RankedDiagnosis[] {
  return [
    ...bootFailed(subject),
    ...subject.measures.powerCycles.flatMap((cycle) => [
      ...slowReregistration(subject, cycle),
      ...slowReturn(subject, cycle),
    ]),
  ];
}

/** BOOT_FAILED: a program that came up at the lab's start didn't do so after a power cycle, or after a crash. */
function bootFailed({ journal }: Case): RankedDiagnosis[] {
  return journal.flatMap((entry): RankedDiagnosis[] => {
    if (entry.event !== 'boot' || entry.stage !== 'failed') return [];
    const { node, program, tookMs, atMs, reason } = entry;
    return [
      {
        code: 'BOOT_FAILED',
        rank: 4,
        summary: `${program ?? node} on ${node} was not ready ${inSeconds(tookMs)} after it was started again.`,
        advice: `Read the end of logs/${node}.${program ?? ''}.log: what did it leave on its disk, or miss, that wasn't so at its first start?`,
        evidence: [
          { file: 'journal.jsonl', atMs, note: reason?.split('\n')[0] ?? 'not ready' },
          { file: `logs/${node}.${program ?? ''}.log`, note: 'its log' },
        ],
      },
    ];
  });
}

/** Longest time that a phone which was told nothing may take to be registered again, once it could be. */
export const UNAWARE_MS = UNAWARE_S * 1000 + REGISTRATION_MS;

/** The same of one that tried in vain; its pauses double from the lab's on. */
function afterRetriesMs({ plan }: Case): number {
  const retryS = plan.lab.values['registration-retry-s'];
  return typeof retryS === 'number' ? LONGEST_RETRY * retryS * 1000 + REGISTRATION_MS : UNAWARE_MS;
}

/** SLOW_REREGISTRATION: phones came back later than a healthy backoff brings them, or not at all. */
function slowReregistration(subject: Case, { node, readyAt, registrations }: PowerCycle): RankedDiagnosis[] {
  if (readyAt === null || registrations === null) return [];
  const { before, back, lastAt, missing, tried, evidence } = registrations;
  const endMs = trafficEndMs(subject);
  const isSlow = (last: number | null, lost: readonly string[], allowedMs: number) =>
    // Who had no time to come back can't be late.
    (last !== null && last - readyAt > allowedMs) || (lost.length > 0 && endMs - readyAt > allowedMs);
  const retriesMs = afterRetriesMs(subject);
  const late = [
    ...(tried && isSlow(tried.lastAt, tried.missing, retriesMs)
      ? [{ allowedMs: retriesMs, why: 'those that had tried in vain would have been back' }]
      : []),
    ...(isSlow(lastAt, missing, UNAWARE_MS)
      ? [{ allowedMs: UNAWARE_MS, why: 'all would have been back' }]
      : []),
  ];
  const [first] = late;
  if (!first) return [];
  const last = lastAt === null ? 'none' : `the last ${inSeconds(lastAt - readyAt)} after it was ready`;
  return [
    {
      code: 'SLOW_REREGISTRATION',
      rank: 15,
      summary: `${back} of ${count(before, 'registration')} came back to ${node}, ${last}; with a healthy retry ${first.why} within ${inSeconds(first.allowedMs)}.`,
      advice: `Let phones try again soon when ${node} doesn't answer, instead of when their registration expires, and let the registrar keep its registrations on disk.`,
      evidence,
    },
  ];
}

/** SLOW_RETURN: a node was ready, and for some time turned calls away all the same. */
function slowReturn({ plan, truth, measures }: Case, { node, readyAt }: PowerCycle): RankedDiagnosis[] {
  if (readyAt === null) return [];
  const isAlive = (atMs: number) => plan.lab.trunks.some(({ name }) => !isDown(truth, name, atMs));
  const nextFaultMs = Math.min(
    Infinity,
    ...truth.faults.map(({ fromMs }) => fromMs).filter((at) => at > readyAt),
  );
  const after = callsThrough(plan, node, measures.calls).filter(
    ({ inviteAt }) =>
      inviteAt !== null && inviteAt > readyAt + SETTLE_MS && inviteAt < nextFaultMs && isAlive(inviteAt),
  );
  const firstGood = after.find(({ answeredAt }) => answeredAt !== null);
  const away = after.filter(
    ({ inviteAt, answeredAt, finalStatus, attempts }) =>
      answeredAt === null &&
      (finalStatus ?? 0) >= 500 &&
      attempts.length === 0 &&
      (inviteAt ?? 0) < (firstGood?.inviteAt ?? Infinity),
  );
  if (away.length < TURNED_AWAY) return [];
  const lastMs = Math.max(...away.map(({ inviteAt }) => inviteAt ?? 0)) - readyAt;
  return [
    {
      code: 'SLOW_RETURN',
      rank: 25,
      summary: `${node} was ready after its power was back, and yet turned ${count(away.length, 'call')} away, up to ${inSeconds(lastMs)} later, without trying a trunk.`,
      advice: `Look at what ${node} believes of its trunks when it starts: a trunk that nobody has asked yet is better tried than refused.`,
      evidence: citeCalls(away, 'turned away'),
    },
  ];
}
