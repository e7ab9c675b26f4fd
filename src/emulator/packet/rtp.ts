import type { Match } from '../../plan/impairment.js';
import type { PacketTest, PacketView } from './packet-view.js';

const HEADER_BYTES = 12;
/** RTCP packet types fall into the range that RTP's second byte leaves free for them (RFC 5761, 4). */
const FIRST_RTCP = 192;
const LAST_RTCP = 223;

/** Version 2 over UDP, and not RTCP. */
function isRtp({ frame, payloadStart, payloadEnd }: PacketView): boolean {
  if (payloadStart < 0 || payloadEnd - payloadStart < HEADER_BYTES) return false;
  const second = frame[payloadStart + 1]!;
  return frame[payloadStart]! >> 6 === 2 && (second < FIRST_RTCP || second > LAST_RTCP);
}

/** RTP of one source or payload type, or any. */
export function rtpTest({ ssrc, payloadType }: NonNullable<Match['rtp']>): PacketTest {
  return (packet) =>
    isRtp(packet) &&
    (payloadType === undefined || (packet.frame[packet.payloadStart + 1]! & 0x7f) === payloadType) &&
    (ssrc === undefined || packet.frame.readUInt32BE(packet.payloadStart + 8) === ssrc);
}
