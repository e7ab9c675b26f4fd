import type { Datagram } from './datagram.js';
import type { Endpoint, Seen } from './types.js';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const GOODBYE = 203;
/** Seconds from 1900 to 1970. */
const NTP_TO_UNIX_S = 2208988800;

/** What one party says of a stream that it receives (RFC 3550 §6.4.1). */
interface RtcpBlock {
  /** The stream reported on. */
  ssrc: number;
  /** Share of packets lost since the report before, 0 … 1. */
  fractionLost: number;
  /** Packets lost from the beginning; negative if there were duplicates. */
  cumulativeLost: number;
  /** Highest sequence number received, extended by its wraps. */
  highestSequence: number;
  /** In units of the stream's RTP clock. */
  jitter: number;
  /** Middle 32 bits of the last sender report's NTP time (0: none yet), and the time since, in 1/65536 s. */
  lastReport: number;
  delaySinceLastReport: number;
  /**
   * Round trip from the capture point to the reporter and back: since the sender report that it answers passed here, less
   * the time that the reporter kept it. Null if that report wasn't seen.
   */
  roundTripMs: number | null;
}

/** One report of a compound RTCP packet. */
export interface RtcpReport {
  seen: Seen;
  src: Endpoint;
  dst: Endpoint;
  /** Whoever reports. */
  ssrc: number;
  /** Of a sender report: what was sent up to now, and the sender's clock when its RTP clock was at `timestamp`. */
  sender: { packets: number; bytes: number; timestamp: number; wallMs: number; ntpMiddle: number } | null;
  blocks: RtcpBlock[];
  /** The party leaves with this packet. */
  goodbye: boolean;
}

/** Where a report was seen is known to whoever asks for it to be parsed. */
export type RtcpContent = Pick<RtcpReport, 'ssrc' | 'sender' | 'blocks' | 'goodbye'>;

/**
 * Parses the reports of a compound packet (RFC 3550 §6) in bytes[start…end); a packet whose first is no report, with no
 * reports in it, or encrypted gives null.
 */
export function parseRtcp({
  bytes,
  start,
  end,
}: Pick<Datagram, 'bytes' | 'start' | 'end'>): RtcpContent[] | null {
  const reports: RtcpContent[] = [];
  const left = new Set<number>();
  for (let at = start; at < end;) {
    if (end - at < 4 || bytes[at]! >> 6 !== 2) return null;
    const type = bytes[at + 1]!;
    const next = at + (bytes.readUInt16BE(at + 2) + 1) * 4;
    if (next > end || type < 192 || type > 223) return null;
    const count = bytes[at]! & 31;
    const isSender = type === SENDER_REPORT;
    const blocksAt = at + (isSender ? 28 : 8);
    if (isSender || type === RECEIVER_REPORT) {
      if (blocksAt + count * 24 > next) return null;
      reports.push({
        ssrc: bytes.readUInt32BE(at + 4),
        sender: isSender ? senderAt(bytes, at + 8) : null,
        blocks: Array.from({ length: count }, (_, i) => blockAt(bytes, blocksAt + i * 24)),
        goodbye: false,
      });
    } else if (type === GOODBYE)
      for (let i = 0; i < count && at + 8 + i * 4 <= next; i++) left.add(bytes.readUInt32BE(at + 4 + i * 4));
    at = next;
  }
  for (const report of reports) report.goodbye = left.has(report.ssrc);
  return reports.length > 0 ? reports : null;
}

function senderAt(bytes: Buffer, at: number): RtcpReport['sender'] {
  const seconds = bytes.readUInt32BE(at);
  const fraction = bytes.readUInt32BE(at + 4);
  return {
    wallMs: (seconds - NTP_TO_UNIX_S) * 1000 + (fraction * 1000) / 2 ** 32,
    ntpMiddle: (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0,
    timestamp: bytes.readUInt32BE(at + 8),
    packets: bytes.readUInt32BE(at + 12),
    bytes: bytes.readUInt32BE(at + 16),
  };
}

function blockAt(bytes: Buffer, at: number): RtcpBlock {
  return {
    ssrc: bytes.readUInt32BE(at),
    fractionLost: bytes[at + 4]! / 256,
    cumulativeLost: (bytes.readInt32BE(at + 4) << 8) >> 8,
    highestSequence: bytes.readUInt32BE(at + 8),
    jitter: bytes.readUInt32BE(at + 12),
    lastReport: bytes.readUInt32BE(at + 16),
    delaySinceLastReport: bytes.readUInt32BE(at + 20),
    roundTripMs: null,
  };
}
