import { count } from '../../base/count.js';
import type { EvidenceRef, RtpStream } from '../../evidence/types.js';
import { earNode, type CallEvidence } from '../../measures/calls.js';
import { earStreams, neverHeard, type Ear } from '../../measures/ears.js';
import { longestMs, type Interval } from '../../measures/intervals.js';
import { primaryTrunk } from '../../measures/path.js';
import { callStreams } from '../../measures/streams.js';
import type { CallMeasure } from '../../measures/types.js';
import { inSeconds } from '../words.js';
import { citeCalls } from '../cite-calls.js';
import { earsOf, healthyAnswered, type AnsweredCall, type Case, type RankedDiagnosis } from './case.js';
import { mediaWay } from './media-way.js';

/** A hole up to this is good enough for a caller (docs/measures.md §1). */
const TOLERABLE_HOLE_MS = 1000;
const EARS: readonly Ear[] = ['caller', 'callee'];
const other = (ear: Ear): Ear => (ear === 'caller' ? 'callee' : 'caller');

export function diagnoseMedia(subject: Case): RankedDiagnosis[] {
  const calls = healthyAnswered(subject);
  return [...blockedOnBackup(subject, calls), ...oneWay(subject, calls), ...deadAir(calls)];
}

const deafEars = ({ ears }: AnsweredCall): Ear[] => EARS.filter((ear) => neverHeard(ears[ear]));

/** Its own capture shows that this party sent RTP once the call was up. Who said nothing can't be blocked. */
function hasTalked(call: AnsweredCall, party: Ear, index: CallEvidence): boolean {
  const node = earNode(index.plan, call, party);
  if (node === null) return false;
  const messages = index.sip.get(call.sipCallId) ?? [];
  return callStreams(index.streams, messages, node, 'from').some(
    ({ atMs }) => (atMs.at(-1) ?? -Infinity) > call.answeredAt,
  );
}

/** MEDIA_BLOCKED_ON_BACKUP: calls by a backup connect, and one ear or both never hear; by the primary they do. */
function blockedOnBackup(subject: Case, calls: readonly AnsweredCall[]): RankedDiagnosis[] {
  const { plan } = subject;
  const primary = primaryTrunk(plan)?.name;
  const onPrimary = calls.filter(({ trunk }) => trunk === primary);
  const deafOnPrimary = onPrimary.filter((call) => deafEars(call).length > 0);
  if (onPrimary.length === 0 || deafOnPrimary.length * 2 >= onPrimary.length) return [];
  return plan.lab.trunks.slice(1).flatMap(({ name }): RankedDiagnosis[] => {
    const onBackup = calls.filter(({ trunk }) => trunk === name);
    const unheard = (call: AnsweredCall) =>
      deafEars(call).filter((ear) => hasTalked(call, other(ear), subject.index));
    const deaf = onBackup.filter((call) => unheard(call).length > 0);
    if (deaf.length * 2 <= onBackup.length) return [];
    const ways = new Map<string, Way>();
    for (const call of deaf)
      for (const ear of unheard(call)) {
        const way = wayOf(subject, call, ear);
        if (!ways.has(way.pair)) ways.set(way.pair, way);
      }
    return [
      {
        code: 'MEDIA_BLOCKED_ON_BACKUP',
        rank: 10,
        summary: `${deaf.length} of ${count(onBackup.length, 'call')} by ${name} were answered, but ${[...ways.values()].map(({ pair, text }) => `${pair}: ${text}`).join('; and ')}. By ${primary ?? 'the primary'} both sides were heard.`,
        advice: `Look at firewalls, NAT and media ports on the way of ${name}: signalling passes there and RTP doesn't.`,
        evidence: [
          ...[...ways.values()].flatMap(({ evidence }) => evidence),
          ...citeCalls(deaf, 'answered, and not heard'),
        ],
      },
    ];
  });
}

interface Way {
  /** Who did not hear whom. */
  pair: string;
  /** Where the packets stayed. */
  text: string;
  evidence: EvidenceRef[];
}

/** What happened to the packets that one ear of one call should have got. */
function wayOf(subject: Case, call: CallMeasure, ear: Ear): Way {
  const listener = earNode(subject.plan, call, ear) ?? ear;
  const talker = earNode(subject.plan, call, other(ear)) ?? other(ear);
  const way = mediaWay(call, ear, subject.index);
  const arrived = way.arrived.packets;
  const seen =
    way.last === null
      ? `${talker} sent no RTP`
      : arrived > 0
        ? `${count(arrived, 'packet')} arrived without its voice`
        : `RTP was last seen ${way.last.sent ? 'leaving' : 'reaching'} ${way.last.node} (${count(way.last.packets, 'packet')}), and none arrived at ${listener}`;
  const evidence = (way.last ? [way.last.ref] : []).map((ref) => ({ ...ref, note: `${call.id}: ${seen}` }));
  return { pair: `${listener} never heard ${talker}`, text: seen, evidence };
}

/** What became of the packets that one ear of one call should have got while it heard nothing for a time. */
function wayInHole({ plan, index }: Case, call: AnsweredCall, ear: Ear, { startMs, endMs }: Interval): Way {
  const [listener, talker] = [earNode(plan, call, ear) ?? ear, earNode(plan, call, other(ear)) ?? other(ear)];
  const delayMs = call.ears[ear].delayMs ?? 0;
  const sent = callStreams(index.streams, index.sip.get(call.sipCallId) ?? [], talker, 'from').flatMap(
    (stream) => packetsIn(stream, startMs, endMs),
  );
  const arrived = earStreams(call, ear, index).flatMap((stream) =>
    packetsIn(stream, startMs + delayMs, endMs + delayMs),
  );
  const text = `${count(sent.length, 'RTP packet')} left ${talker} then, and ${arrived.length} reached ${listener}`;
  return {
    pair: `${listener} did not hear ${talker}`,
    text,
    evidence: sent.slice(0, 1).map((ref) => ({ ...ref, note: `${call.id}: ${text}` })),
  };
}

const packetsIn = ({ file, frame, atMs }: RtpStream, fromMs: number, toMs: number): EvidenceRef[] =>
  Array.from(atMs, (at, i) => ({ file, frame: frame[i] ?? 1, atMs: at })).filter(
    ({ atMs: at }) => at >= fromMs && at < toMs,
  );

/** ONE_WAY_AUDIO: one side of a call went unheard for longer than is tolerable, or to the end. */
function oneWay(subject: Case, calls: readonly AnsweredCall[]): RankedDiagnosis[] {
  const bad = calls.flatMap((call) => {
    const ears = earsOf(call);
    if (!ears?.oneWay) return [];
    const holeMs = longestMs(ears.oneWayTimes);
    const hole = ears.oneWayTimes.find(({ startMs, endMs }) => endMs - startMs === holeMs);
    return holeMs > TOLERABLE_HOLE_MS || ears.oneWayAtEnd || deafEars(call).length === 1
      ? [{ call, holeMs, hole }]
      : [];
  });
  const [worst] = bad.sort((a, b) => b.holeMs - a.holeMs);
  if (!worst) return [];
  const { ears } = worst.call;
  const ear: Ear = (ears.caller.heardShare ?? 1) <= (ears.callee.heardShare ?? 1) ? 'caller' : 'callee';
  const hole = neverHeard(ears[ear]) ? undefined : worst.hole;
  const way = hole ? wayInHole(subject, worst.call, ear, hole) : wayOf(subject, worst.call, ear);
  return [
    {
      code: 'ONE_WAY_AUDIO',
      rank: 70,
      summary: `In ${bad.length} of ${count(calls.length, 'answered call')} one side could not hear the other, for up to ${inSeconds(worst.holeMs)}, with no fault on the way${hole ? `: ${way.text}` : ''}.`,
      advice: `Compare the addresses in the SDP with where RTP was sent in ${worst.call.id}, then firewalls and NAT in that direction.`,
      evidence: [
        ...way.evidence,
        ...citeCalls(
          bad.map(({ call }) => call),
          `the ${ear} could not hear`,
        ),
      ],
    },
  ];
}

/** DEAD_AIR: neither side heard the other for longer than is tolerable. */
function deadAir(calls: readonly AnsweredCall[]): RankedDiagnosis[] {
  const bad = calls.filter((call) => {
    const ears = earsOf(call);
    return (
      ears?.deadAir === true && (longestMs(ears.deadTimes) > TOLERABLE_HOLE_MS || deafEars(call).length === 2)
    );
  });
  if (bad.length === 0) return [];
  return [
    {
      code: 'DEAD_AIR',
      rank: 80,
      summary: `In ${bad.length} of ${count(calls.length, 'answered call')} neither side heard the other, with no fault on the way.`,
      advice:
        'Check that the media relay is running and that its addresses in the SDP can be reached by both sides.',
      evidence: citeCalls(bad, 'dead air'),
    },
  ];
}
