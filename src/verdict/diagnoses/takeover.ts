import { count } from '../../base/count.js';
import type { EvidenceRef, RtpStream } from '../../evidence/types.js';
import type { Takeover } from '../../measures/takeovers.js';
import { inSeconds } from '../words.js';
import { CITED } from '../../evidence/cite.js';
import { citeCalls } from '../cite-calls.js';
import type { Case, RankedDiagnosis } from './case.js';

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
        : `${count(arrived, 'packet')} of their RTP came to ${to} afterwards, and ${sentOn === 0 ? 'none was' : `${sentOn} were`} sent on to their parties`;
    return [
      {
        code: 'CALLS_LOST_AT_TAKEOVER',
        rank: 8,
        summary: `${lost.size} of ${count(followed.length, 'call')} that were up when ${from} lost its power were never heard again, although ${to} had the address of ${shared} ${inSeconds(takenAt - cutAt)} later and ${count(after.length, 'new call')} were answered. ${media}.`,
        advice: `Check that ${to} learns of the calls of ${from} while they are up: what its media relay writes to the store that both share, and whether ${to} reads it there.`,
        evidence: [...takeover.evidence, ...evidence, ...citeCalls(calls, 'not heard any more')],
      },
    ];
  });
}

/** RTP of some calls, by their SSRCs, at the node that took over: what came there, and what it sent on to their parties. */
function mediaAt({ index }: Case, { cutAt, takenAt, to }: Takeover, lost: ReadonlySet<string>) {
  const messages = index.plan.calls
    .filter(({ id }) => lost.has(id))
    .flatMap(({ sipCallId }) => index.sip.get(sipCallId) ?? []);
  const places = new Set(messages.flatMap(({ sdp }) => (sdp ? [`${sdp.address}:${sdp.port}`] : [])));
  const sent = [...index.streams.sent.values()].flat();
  const isOfThem = ({ src, atMs }: RtpStream) =>
    places.has(`${src.address}:${src.port}`) && (atMs[0] ?? Infinity) < cutAt;
  const voices = new Set(sent.filter(isOfThem).map(({ ssrc }) => ssrc));
  const since = (streams: readonly RtpStream[]) =>
    streams
      .filter(({ node, ssrc }) => node === to && voices.has(ssrc))
      .map((stream) => ({ stream, first: stream.atMs.findIndex((atMs) => atMs >= (takenAt ?? Infinity)) }))
      .filter(({ first }) => first >= 0);
  const packets = (some: ReturnType<typeof since>) =>
    some.reduce((sum, { stream, first }) => sum + stream.atMs.length - first, 0);
  const arrived = since([...index.streams.received.values()].flat());
  return {
    arrived: packets(arrived),
    sentOn: packets(since(sent.filter(({ dst }) => places.has(`${dst.address}:${dst.port}`)))),
    evidence: arrived.slice(0, CITED).map(({ stream: { file, frame, atMs }, first }): EvidenceRef => ({
      file,
      frame: frame[first] ?? 1,
      atMs: atMs[first] ?? 0,
      note: `RTP of a call that was up comes to ${to}`,
    })),
  };
}
