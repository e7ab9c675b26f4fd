import { count } from '../../../base/count.js';
import { cite } from '../../../evidence/cite.js';
import type { EvidenceRef } from '../../../evidence/types.js';
import type { CallStream, FieldCall, Finding } from '../types.js';
import type { Case, Subject } from './case.js';
import { citePacket, eachOnce, endpointText } from './words.js';

/** Fewer packets than this may be the tail of something else. */
const TELLING_PACKETS = 25;
const UNREACHABLE = { 4: 3, 6: 1 };

export function addressFindings(one: Case, subject: Subject): Finding[] {
  return [...silentAddresses(one, subject), ...natted(one), ...privateAddresses(one.call)];
}

/** RTP to an address from which nothing ever came. */
function silentAddresses({ call, streams }: Case, { icmp }: Subject): Finding[] {
  const speaking = new Set(streams.map(({ stream }) => stream.src.address));
  return eachOnce(streams).flatMap(({ stream, towards }): Finding[] => {
    const { dst, src } = stream;
    const other = towards === 'caller' ? 'callee' : 'caller';
    const isDue = call.answeredAt !== null && call.heldTimes[other].length === 0;
    if (!isDue || speaking.has(dst.address) || stream.atMs.length < TELLING_PACKETS) return [];
    const errors = icmp.filter(
      (error) =>
        (error.type === UNREACHABLE[4] || error.type === UNREACHABLE[6]) &&
        error.dst === src.address &&
        error.seen.file === stream.file &&
        error.seen.atMs >= stream.atMs[0]! &&
        (error.src === dst.address || !speaking.has(error.src)),
    );
    const [error] = errors;
    const refused: EvidenceRef[] = error ? [cite(error, 'ICMP unreachable')] : [];
    const announced = call.announcements.find(
      ({ sdp }) => sdp.address === dst.address && sdp.port === dst.port,
    );
    return [
      {
        code: 'RTP_UNANSWERED',
        severity: 'fault',
        calls: [call.number],
        summary: `${count(stream.atMs.length, 'RTP packet')} went to ${endpointText(dst)}, and none ever came from there${error ? `; ${count(errors.length, 'ICMP error')} said that it can't be reached` : ''}.`,
        evidence: [
          ...(announced ? [announced.evidence] : []),
          citePacket(stream, 0, 'the first of them'),
          ...refused,
        ],
      },
    ];
  });
}

/** Media from an address that no SDP announced: what a NAT does, or a relay that latches on. */
function natted({ call, streams }: Case): Finding[] {
  const told = new Set<string>();
  return streams.flatMap((one): Finding[] => {
    const { stream, towards, by } = one;
    if (by === 'both-ends' || by === 'source') return [];
    const from = endpointText(by === 'symmetric' ? stream.dst : stream.src);
    if (told.has(from)) return [];
    told.add(from);
    const evidence = [citePacket(stream, 0, `RTP towards the ${towards}`), ...announcedInstead(call, one)];
    return [
      {
        code: 'MEDIA_FROM_ELSEWHERE',
        severity: 'note',
        calls: [call.number],
        summary: `${HOW[by](from)}`,
        evidence,
      },
    ];
  });
}

const HOW = {
  destination: (from: string) =>
    `RTP came from ${from}, which no SDP announced: a NAT, or a relay. It's taken for this call's because of where it went.`,
  symmetric: (from: string) =>
    `RTP went to ${from}, which no SDP announced: symmetric RTP. It's taken for this call's because media comes from there.`,
  ports: (from: string) =>
    `RTP came from ${from}, which no SDP announced; its ports are those of this call: addresses were translated.`,
  ssrc: (from: string) =>
    `RTP went on from ${from}, which no SDP announced, with the same SSRC: it's taken for this call's.`,
};

/** What the side that this media is from had announced. */
function announcedInstead({ announcements }: FieldCall, { towards, hop }: CallStream): EvidenceRef[] {
  const announced = announcements.find((one) => one.side !== towards && one.hop === hop);
  return announced ? [announced.evidence] : [];
}

/** A private address in SDP, from a host with a public one. */
function privateAddresses(call: FieldCall): Finding[] {
  const found = call.announcements.find(
    ({ sdp, by }) => isPrivate(sdp.address) && !isPrivate(by.address) && by.address.includes('.'),
  );
  if (!found) return [];
  const { sdp, by, side, evidence } = found;
  return [
    {
      code: 'PRIVATE_MEDIA_ADDRESS',
      severity: 'note',
      calls: [call.number],
      summary: `The ${side}'s side announced media at ${sdp.address}, a private address, and signals from ${by.address}: it is behind a NAT that doesn't know SIP.`,
      evidence: [evidence],
    },
  ];
}

/** RFC 1918, and RFC 6598's shared space. */
function isPrivate(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128)
  );
}
