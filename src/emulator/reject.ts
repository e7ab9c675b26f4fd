import { ETHERNET_BYTES, IPV4_BYTES, TCP_BYTES } from '../base/headers.js';
import { closeChecksum, sumWords } from './checksum.js';
import { EtherType, IpProtocol } from './packet/packet-view.js';

const ICMP_BYTES = 8;
/** An ICMP error quotes as much as fits into 576 bytes (RFC 1812, 4.3.2.3). */
const LARGEST_ICMP_PACKET_BYTES = 576;

const ICMP_UNREACHABLE = 3;
const ICMP_CODE_PORT = 3;
/** Unreachable, source quench, redirect, time exceeded, parameter problem. */
const ICMP_ERRORS: readonly number[] = [3, 4, 5, 11, 12];
const TCP_FIN = 0x01;
const TCP_SYN = 0x02;
const TCP_RST = 0x04;
const TCP_ACK = 0x10;

/**
 * The Ethernet frame by which an IPv4 packet is refused, as if by its destination: a TCP reset for TCP (RFC 9293,
 * 3.10.7.1), ICMP port unreachable (type 3 code 3, RFC 792) for all else. Null for what must not be answered (RFC 1122,
 * 3.2.2: ICMP errors, multicast and broadcast, later fragments, senders that aren't one host; and resets), and for
 * what isn't whole IPv4.
 *
 * @param frame Ethernet frame, `length` bytes of it valid
 */
export function buildRejection(frame: Buffer, length: number): Buffer | null {
  if (length < ETHERNET_BYTES + IPV4_BYTES || frame.readUInt16BE(12) !== EtherType.ipv4) return null;
  const packet = frame.subarray(ETHERNET_BYTES, length);
  const headerBytes = (packet.readUInt8(0) & 0x0f) * 4;
  const totalBytes = packet.readUInt16BE(2);
  if (packet.readUInt8(0) >> 4 !== 4 || headerBytes < IPV4_BYTES) return null;
  if (totalBytes < headerBytes || totalBytes > packet.length) return null;
  if (!isAnswerable(frame, packet)) return null;
  const whole = packet.subarray(0, totalBytes);
  const protocol = whole.readUInt8(9);
  if (protocol === IpProtocol.tcp) return buildReset(frame, whole, headerBytes);
  if (protocol === IpProtocol.icmp && ICMP_ERRORS.includes(whole[headerBytes] ?? ICMP_UNREACHABLE))
    return null;
  return buildUnreachable(frame, whole);
}

/** To one host, from one host, and not a later fragment. */
function isAnswerable(frame: Buffer, packet: Buffer): boolean {
  const toGroup = (frame.readUInt8(0) & 1) === 1 || packet.readUInt8(16) >= 224;
  const source = packet.readUInt8(12);
  const fromOneHost = source !== 0 && source !== 127 && source < 224;
  const fragmentOffset = packet.readUInt16BE(6) & 0x1fff;
  return !toGroup && fromOneHost && fragmentOffset === 0;
}

function buildUnreachable(frame: Buffer, packet: Buffer): Buffer {
  const quoted = packet.subarray(0, LARGEST_ICMP_PACKET_BYTES - IPV4_BYTES - ICMP_BYTES);
  const reply = buildReply(frame, packet, IpProtocol.icmp, ICMP_BYTES + quoted.length);
  const icmp = reply.subarray(ETHERNET_BYTES + IPV4_BYTES);
  icmp.writeUInt8(ICMP_UNREACHABLE, 0);
  icmp.writeUInt8(ICMP_CODE_PORT, 1);
  quoted.copy(icmp, ICMP_BYTES);
  icmp.writeUInt16BE(closeChecksum(sumWords(icmp, 0, icmp.length)), 2);
  return reply;
}

function buildReset(frame: Buffer, packet: Buffer, headerBytes: number): Buffer | null {
  if (packet.length < headerBytes + TCP_BYTES) return null;
  const segment = packet.subarray(headerBytes);
  const flags = segment.readUInt8(13);
  if (flags & TCP_RST) return null;
  const reply = buildReply(frame, packet, IpProtocol.tcp, TCP_BYTES);
  const reset = reply.subarray(ETHERNET_BYTES + IPV4_BYTES);
  segment.copy(reset, 0, 2, 4);
  segment.copy(reset, 2, 0, 2);
  if (flags & TCP_ACK) {
    segment.copy(reset, 4, 8, 12);
    reset.writeUInt8(TCP_RST, 13);
  } else {
    const dataBytes = Math.max(0, segment.length - (segment.readUInt8(12) >> 4) * 4);
    const spaceTaken = dataBytes + (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
    reset.writeUInt32BE((segment.readUInt32BE(4) + spaceTaken) >>> 0, 8);
    reset.writeUInt8(TCP_RST | TCP_ACK, 13);
  }
  reset.writeUInt8((TCP_BYTES / 4) << 4, 12);
  const pseudoHeader = sumWords(reply, ETHERNET_BYTES + 12, ETHERNET_BYTES + 20) + IpProtocol.tcp + TCP_BYTES;
  reset.writeUInt16BE(closeChecksum(sumWords(reset, 0, TCP_BYTES, pseudoHeader)), 16);
  return reply;
}

/** Ethernet and IPv4 header back to the sender, and room for `payloadBytes`. */
function buildReply(frame: Buffer, packet: Buffer, protocol: number, payloadBytes: number): Buffer {
  const reply = Buffer.alloc(ETHERNET_BYTES + IPV4_BYTES + payloadBytes);
  frame.copy(reply, 0, 6, 12);
  frame.copy(reply, 6, 0, 6);
  reply.writeUInt16BE(EtherType.ipv4, 12);
  const ip = reply.subarray(ETHERNET_BYTES, ETHERNET_BYTES + IPV4_BYTES);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(IPV4_BYTES + payloadBytes, 2);
  ip.writeUInt16BE(0x4000, 6); // don't fragment, so no identification is needed (RFC 6864)
  ip.writeUInt8(64, 8);
  ip.writeUInt8(protocol, 9);
  packet.copy(ip, 12, 16, 20);
  packet.copy(ip, 16, 12, 16);
  ip.writeUInt16BE(closeChecksum(sumWords(ip, 0, IPV4_BYTES)), 10);
  return reply;
}
