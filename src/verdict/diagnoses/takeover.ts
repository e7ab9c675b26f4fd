import type { EvidenceRef, RtpStream } from '../../evidence/types.js';
import type { Takeover } from '../../measures/takeovers.js';
import { count, inSeconds } from '../words.js';
import { CITED, citeCalls, type Case, type RankedDiagnosis } from './case.js';

/** A call must still have been up for so long after the takeover: who was silent for less may just not have been heard yet. */
const FOLLOWED_MS = 2000;

/**
 * CALLS_LOST_AT_TAKEOVER: another node took a shared address over, and calls that were up were never heard again, though what
 * they sent came to it.
 */
export function diagnoseTakeovers(subject: Case): RankedDiagnosis[] {
  return subject.measures.takeovers.flatMap((takeover): RankedDiagnosis[] => {
    const { cutAt, takenAt, to, from, shared } = takeover;
    if (takenAt === null || to === null) return [];
    const followed = takeover.calls.filter(({ restMs }) => restMs >= takenAt - cutAt + FOLLOWED_MS);
    const lost = new Set(followed.filter(({ heardToTheEnd }) => heardToTheEnd === false).map(({ id }) => id));
    if (lost.size * 2 <= followed.length) return [];
    const calls = subject.measures.calls.filter(({ id }) => lost.has(id));
    const after = subject.measures.calls.filter(
      ({ inviteAt, answeredAt }) => (inviteAt ?? 0) > takenAt && answeredAt !== null,
    );
    const { arrived, sentOn, evidence } = mediaAt(subject, takeover, lost);
    const media =
      arrived === 0
        ? `None of their RTP came to ${to}`
        : `${count(arrived, 'packet')} of their RTP came to ${to} afterwards, and ${sentOn === 0 ? 'none was' : `${sentOn} were`} sent on`;
    return [
      {
        code: 'CALLS_LOST_AT_TAKEOVER',
        rank: 8,
        summary: `${lost.size} of ${count(followed.length, 'call')} that were up when ${from} lost its power were never heard again, although ${to} had the address of ${shared} ${inSeconds(takenAt - cutAt)} later and ${count(after.length, 'new call')} were answered. ${media}.`,
        advice: `Check that ${to} learns of the calls of ${from} while they are up: what its media relay writes to the store that both share, and whether ${to} reads it there.`,
        evidence: [
          ...takeover.evidence,
          ...evidence,
          ...citeCalls(calls.slice(0, CITED), 'not heard any more'),
        ],
      },
    ];
  });
}

/** RTP of some calls at the node that took over: what came to the ports that their parties had been told of, and what it sent from there. */
function mediaAt({ index }: Case, { takenAt, to }: Takeover, lost: ReadonlySet<string>) {
  const places = new Set(
    index.plan.calls
      .filter(({ id }) => lost.has(id))
      .flatMap(({ sipCallId }) => index.sip.get(sipCallId) ?? [])
      .flatMap(({ sdp, seen }) => (sdp && !seen.sent ? [`${sdp.address}:${sdp.port}`] : [])),
  );
  const isSince = (atMs: number) => atMs >= (takenAt ?? Infinity);
  const at = (streams: ReadonlyMap<string, RtpStream[]>, end: 'src' | 'dst') =>
    [...streams.values()]
      .flat()
      .filter((stream) => stream.node === to && places.has(`${stream[end].address}:${stream[end].port}`))
      .map((stream) => ({ stream, first: stream.atMs.findIndex(isSince) }))
      .filter(({ first }) => first >= 0);
  const packets = (some: ReturnType<typeof at>) =>
    some.reduce((sum, { stream, first }) => sum + stream.atMs.length - first, 0);
  const arrived = at(index.streams.received, 'dst');
  return {
    arrived: packets(arrived),
    sentOn: packets(at(index.streams.sent, 'src')),
    evidence: arrived.slice(0, CITED).map(({ stream: { file, frame, atMs }, first }): EvidenceRef => ({
      file,
      frame: frame[first] ?? 1,
      atMs: atMs[first] ?? 0,
      note: `RTP of a call that was up comes to ${to}`,
    })),
  };
}
