import { count } from '../../base/count.js';
import type { EvidenceRef } from '../../evidence/types.js';
import { isHeardThrough } from '../../measures/heard-through.js';
import { holesOf } from '../../measures/holes.js';
import type { Interval } from '../../measures/intervals.js';
import type { AppliedFault } from '../../measures/truth.js';
import type { CallMeasure } from '../../measures/types.js';
import { inSeconds } from '../words.js';
import { citeCalls } from '../cite-calls.js';
import { citeFaults, type Case, type RankedDiagnosis } from './case.js';

/** A hole that begins this long before or after a crash is of that: what is in the jitter buffer is still heard. */
const NEAR_MS = { before: 500, after: 1500 };
/** Own: what is still unheard so long after the relay was ready was not taken up again. */
const RESTORED_MS = 3000;

interface Forgotten {
  call: CallMeasure;
  hole: Interval;
}

/**
 * MEDIA_NOT_RESTORED: a program of the media path crashed and was ready again, so that new calls are heard, but calls that
 * were up stayed silent.
 */
export function diagnoseRelay(subject: Case): RankedDiagnosis[] {
  return subject.truth.faults
    .filter(({ fault }) => fault.kind === 'crash')
    .flatMap((crash) => notRestored(crash, subject));
}

function notRestored(crash: AppliedFault, subject: Case): RankedDiagnosis[] {
  const { fault, overMs } = crash;
  if (fault.kind !== 'crash') return [];
  const { calls } = subject.measures;
  const forgotten = calls.flatMap((call) => forgottenIn(call, crash));
  const served = calls.filter(
    (call) => call.inviteAt !== null && call.inviteAt > overMs && isHeardThrough(call) === true,
  );
  const [worst] = forgotten.sort((a, b) => b.hole.endMs - a.hole.endMs);
  if (!worst || served.length === 0) return [];
  const knocking = stillArriving(worst, crash, subject);
  return [
    {
      code: 'MEDIA_NOT_RESTORED',
      rank: 7,
      summary: `${fault.program} on ${fault.target} crashed and was ready again after ${inSeconds(overMs - crash.fromMs)}, but ${count(forgotten.length, 'call')} that were up stayed silent, for up to ${inSeconds(worst.hole.endMs - overMs)} more${knocking ? `, though their RTP still arrived at ${fault.target}` : ''}; ${count(served.length, 'new call')} were heard.`,
      advice: `Let ${fault.program} keep its calls where they outlive it (a store it reads when it starts), or let the proxy offer them anew by re-INVITE once it is back.`,
      evidence: [
        ...citeFaults([crash]),
        {
          file: `logs/${fault.target}.${fault.program}.log`,
          note: 'its log: what it took up when it started',
        },
        ...(knocking ? [knocking] : []),
        ...citeCalls(
          forgotten.map(({ call }) => call),
          'up at the crash, and silent after it',
        ),
        ...citeCalls(served.slice(0, 1), 'placed after it, and heard'),
      ],
    },
  ];
}

function forgottenIn(call: CallMeasure, { fromMs, overMs }: AppliedFault): Forgotten[] {
  const { answeredAt, endedAt } = call;
  if (answeredAt === null || endedAt === null || answeredAt > fromMs || endedAt < overMs + RESTORED_MS)
    return [];
  const hole = (holesOf(call) ?? []).find(
    ({ startMs, endMs }) =>
      startMs >= fromMs - NEAR_MS.before &&
      startMs <= fromMs + NEAR_MS.after &&
      endMs >= overMs + RESTORED_MS,
  );
  return hole ? [{ call, hole }] : [];
}

/** RTP of the call that reached the node after its program was ready again. */
function stillArriving(
  { call }: Forgotten,
  { fault, overMs }: AppliedFault,
  { index }: Case,
): EvidenceRef | null {
  const parties = new Set(
    (index.sip.get(call.sipCallId) ?? []).flatMap(({ sdp, seen }) =>
      sdp && seen.sent && seen.node !== fault.target ? [`${sdp.address}:${sdp.port}`] : [],
    ),
  );
  const sights = [...index.streams.received.values()]
    .flat()
    .filter(({ node, src }) => node === fault.target && parties.has(`${src.address}:${src.port}`))
    .flatMap(({ file, atMs, frame }) =>
      Array.from(atMs, (at, i) => ({ file, frame: frame[i] ?? 1, atMs: at })).filter(
        ({ atMs: at }) => at > overMs && at < (call.endedAt ?? Infinity),
      ),
    )
    .sort((a, b) => a.atMs - b.atMs);
  const [first] = sights;
  return first
    ? {
        ...first,
        note: `${call.id}: ${count(sights.length, 'RTP packet')} arrived at ${fault.target} after that`,
      }
    : null;
}
