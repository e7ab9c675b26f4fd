import type { Datagram } from './datagram.js';

/** An RTP packet as offsets into its bytes. The object is reused for the next one: copy what is to be kept. */
export interface RtpPacket {
  bytes: Buffer;
  /** The payload, without padding, is bytes[start…end). */
  start: number;
  end: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadType: number;
  marker: number;
  frame: number;
  atMs: number;
}

const HEADER = 12;

/** A packet to be filled in. */
export const emptyRtpPacket = (): RtpPacket => ({
  bytes: Buffer.alloc(0),
  start: 0,
  end: 0,
  sequence: 0,
  timestamp: 0,
  ssrc: 0,
  payloadType: 0,
  marker: 0,
  frame: 0,
  atMs: 0,
});

/** Whether a datagram is RTCP, by its first two bytes: 192–223 where RTP has marker and payload type (RFC 5761 §4). */
export function looksLikeRtcp({ bytes, start, end }: Datagram): boolean {
  return end - start >= 8 && bytes[start]! >> 6 === 2 && bytes[start + 1]! >= 192 && bytes[start + 1]! <= 223;
}

/** Fills in what a datagram holds if it may be RTP (RFC 3550 §5.1); returns whether it may. */
export function readRtp(datagram: Datagram, into: RtpPacket): boolean {
  const { bytes, start, end } = datagram;
  if (end - start < HEADER) return false;
  const first = bytes[start]!;
  const second = bytes[start + 1]!;
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return false;
  let payload = start + HEADER + (first & 15) * 4;
  if (first & 0x10) {
    if (payload + 4 > end) return false;
    payload += 4 + ((bytes[payload + 2]! << 8) | bytes[payload + 3]!) * 4;
  }
  const padding = first & 0x20 ? bytes[end - 1]! : 0;
  if (payload + padding > end) return false;
  into.bytes = bytes;
  into.start = payload;
  into.end = end - padding;
  into.sequence = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  into.timestamp = wordAt(bytes, start + 4);
  into.ssrc = wordAt(bytes, start + 8);
  into.payloadType = second & 127;
  into.marker = second >> 7;
  into.frame = datagram.frame;
  into.atMs = datagram.atMs;
  return true;
}

const wordAt = (bytes: Buffer, at: number) =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
