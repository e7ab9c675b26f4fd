import { SocketAddress } from 'node:net';

/**
 * The innermost packet of a frame, as offsets into its bytes. The object is reused for the next one; the bytes too,
 * unless the packet was reassembled.
 */
export interface Datagram {
  bytes: Buffer;
  protocol: 'udp' | 'tcp' | 'icmp';
  version: 4 | 6;
  /** Offset of the source address; the destination's follows it. */
  addresses: number;
  /** 0 for ICMP. */
  srcPort: number;
  dstPort: number;
  /** The payload (for ICMP: the whole message) is bytes[start…end). */
  start: number;
  end: number;
  /** The TCP header, of which the flags; 0 unless TCP. */
  tcpHeader: number;
  reassembled: boolean;
  /** Where the capture was taken on several interfaces: which one, counted from 0. */
  interface: number;
  frame: number;
  atMs: number;
}

/** A datagram to be filled in. */
export const emptyDatagram = (): Datagram => ({
  bytes: Buffer.alloc(0),
  protocol: 'udp',
  version: 4,
  addresses: 0,
  srcPort: 0,
  dstPort: 0,
  start: 0,
  end: 0,
  tcpHeader: 0,
  reassembled: false,
  interface: 0,
  frame: 0,
  atMs: 0,
});

/** Text form of the source address. */
export const srcAddress = (d: Datagram) => addressText(d.bytes, d.version, d.addresses);
/** Text form of the destination address. */
export const dstAddress = (d: Datagram) =>
  addressText(d.bytes, d.version, d.addresses + (d.version === 4 ? 4 : 16));

/** The one spelling of an address that is used for comparing; names and nonsense stay as they are. */
export function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  try {
    return new SocketAddress({ family: 'ipv6', address }).address;
  } catch {
    return address;
  }
}

function addressText(bytes: Buffer, version: 4 | 6, at: number): string {
  if (version === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(at + i * 2).toString(16));
  return canonicalAddress(groups.join(':'));
}
