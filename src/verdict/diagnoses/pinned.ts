import { count } from '../../base/count.js';
import type { EvidenceRef, RtpStream } from '../../evidence/types.js';
import { isHeardThrough } from '../../measures/heard-through.js';
import { holesOf } from '../../measures/holes.js';
import type { Interval } from '../../measures/intervals.js';
import { trunkLinks } from '../../measures/path.js';
import { isDown } from '../../measures/truth.js';
import type { CallMeasure } from '../../measures/types.js';
import { inSeconds } from '../words.js';
import { citeCalls } from '../cite-calls.js';
import { citeFaults, type Case, type RankedDiagnosis } from './case.js';

/** Own: a call that went silent with its path should have been moved or ended by then (docs/measures.md §1: a hole up to 5 s). */
const PINNED_MS = 8000;
/** A hole that begins within this of the path's death is of that. */
const NEAR_MS = 1500;

interface Pinned {
  call: CallMeasure;
  trunk: string;
  hole: Interval;
}

/**
 * MEDIA_PINNED_TO_DEAD_PATH: calls that were up when their trunk died stayed up and silent, and neither a re-INVITE nor an
 * UPDATE moved them, while new calls were heard by another trunk.
 */
export function diagnosePinned(subject: Case): RankedDiagnosis[] {
  const pinned = subject.measures.calls.flatMap((call) => pinnedOf(call, subject));
  const [worst] = pinned.sort((a, b) => lastsMs(b.hole) - lastsMs(a.hole));
  if (!worst) return [];
  const moved = movedMeanwhile(worst, subject);
  if (moved.length === 0) return [];
  const { trunk } = worst;
  const dead = subject.truth.faults.filter(({ fault }) =>
    trunkLinks(subject.plan, trunkNamed(subject, trunk)).includes(fault.target),
  );
  const still = sentToTheDead(worst, subject);
  const packets = still ? `; ${still.note ?? ''} for ${worst.call.id} alone` : '';
  return [
    {
      code: 'MEDIA_PINNED_TO_DEAD_PATH',
      rank: 14,
      summary: `${count(pinned.length, 'call')} that ${trunk} carried when it died stayed up and silent, for up to ${inSeconds(lastsMs(worst.hole))}, and nothing moved or ended them${packets}; meanwhile ${count(moved.length, 'new call')} were heard by ${moved[0]?.trunk ?? 'another trunk'}.`,
      advice: `Let whatever takes ${trunk} out of routing also move the calls on it (re-INVITE with another media address) or hang them up.`,
      evidence: [
        ...citeFaults(dead),
        ...(still ? [still] : []),
        ...citeCalls(
          pinned.map(({ call }) => call),
          `silent on ${trunk} until it ended`,
        ),
        ...citeCalls(moved.slice(0, 1), 'placed meanwhile, and heard'),
      ],
    },
  ];
}

const lastsMs = ({ startMs, endMs }: Interval): number => endMs - startMs;

const trunkNamed = ({ plan }: Case, name: string) => {
  const trunk = plan.lab.trunks.find((one) => one.name === name);
  if (!trunk) throw new Error(`the plan has no trunk ${name}`);
  return trunk;
};

function pinnedOf(call: CallMeasure, { truth, index }: Case): Pinned[] {
  const { trunk, answeredAt, endedAt, sipCallId } = call;
  if (trunk === null || answeredAt === null || endedAt === null) return [];
  const deaths = (truth.trunkDown.get(trunk) ?? []).filter(
    ({ startMs }) => startMs > answeredAt && startMs < endedAt,
  );
  const holes = holesOf(call) ?? [];
  return deaths.flatMap((death) => {
    const hole = holes.find(({ startMs }) => Math.abs(startMs - death.startMs) <= NEAR_MS);
    if (!hole || lastsMs(hole) < PINNED_MS) return [];
    const isCared = (index.sip.get(sipCallId) ?? []).some(
      ({ method, status, to, seen }) =>
        status === null &&
        to.tag !== null &&
        (method === 'INVITE' || method === 'UPDATE' || method === 'BYE') &&
        seen.atMs >= death.startMs &&
        seen.atMs < death.startMs + PINNED_MS,
    );
    return isCared ? [] : [{ call, trunk, hole }];
  });
}

/** New calls by a living trunk, in which both sides heard each other, while the old one sat in silence. */
const movedMeanwhile = ({ hole, trunk }: Pinned, { truth, measures }: Case): CallMeasure[] =>
  measures.calls.filter((call) => {
    const { inviteAt, answeredAt, trunk: by } = call;
    return (
      inviteAt !== null &&
      answeredAt !== null &&
      inviteAt > hole.startMs &&
      inviteAt < hole.endMs &&
      by !== null &&
      by !== trunk &&
      !isDown(truth, by, inviteAt) &&
      isHeardThrough(call) === true
    );
  });

/** RTP that still left for the far end by the dead path, as the capture at its near end shows. */
function sentToTheDead({ call, hole }: Pinned, { plan, index }: Case): EvidenceRef | null {
  const carriers = new Set(
    plan.lab.trunks.filter(({ name }) => name === call.trunk).flatMap(({ addresses }) => addresses),
  );
  const places = new Set(
    (index.sip.get(call.sipCallId) ?? []).flatMap(({ sdp }) =>
      sdp && carriers.has(sdp.address) ? [`${sdp.address}:${sdp.port}`] : [],
    ),
  );
  const sent = [...index.streams.sent.values()]
    .flat()
    .filter(({ dst }) => places.has(`${dst.address}:${dst.port}`))
    .flatMap((stream) => within(stream, hole));
  const [first] = sent.sort((a, b) => a.atMs - b.atMs);
  if (!first) return null;
  return {
    file: first.file,
    frame: first.frame,
    atMs: first.atMs,
    note: `${count(sent.length, 'RTP packet')} went on into the dead path`,
  };
}

const within = ({ file, atMs, frame }: RtpStream, { startMs, endMs }: Interval) =>
  Array.from(atMs, (at, i) => ({ file, frame: frame[i] ?? 1, atMs: at })).filter(
    ({ atMs: at }) => at >= startMs && at < endMs,
  );
