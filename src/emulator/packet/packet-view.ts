import { ETHERNET_BYTES, IPV4_BYTES, TCP_BYTES, UDP_BYTES } from '../../base/headers.js';

export const EtherType = { ipv4: 0x0800, arp: 0x0806 } as const;
export const IpProtocol = { icmp: 1, tcp: 6, udp: 17 } as const;

/**
 * What an Ethernet frame says in its headers, by offsets. One object is filled again for every frame, so that looking
 * at a frame allocates nothing. What a frame doesn't have is −1 (0 for the addresses, which are unsigned 32-bit numbers).
 */
export class PacketView {
  frame: Buffer = Buffer.alloc(0);
  etherType = -1;
  protocol = -1;
  source = 0;
  destination = 0;
  dscp = -1;
  identification = -1;
  /** Ports are in the first fragment only. */
  sourcePort = -1;
  destinationPort = -1;
  /** Where the UDP payload begins and ends in the frame; −1 for all else. */
  payloadStart = -1;
  payloadEnd = -1;

  /** @param frame of which `length` bytes are valid; must not change while the view is in use */
  look(frame: Buffer, length: number): this {
    this.frame = frame;
    this.etherType = length < ETHERNET_BYTES ? -1 : frame.readUInt16BE(12);
    this.protocol = -1;
    this.source = 0;
    this.destination = 0;
    this.dscp = -1;
    this.identification = -1;
    this.sourcePort = -1;
    this.destinationPort = -1;
    this.payloadStart = -1;
    this.payloadEnd = -1;
    if (this.etherType === EtherType.ipv4) this.lookAtIpv4(frame, length);
    return this;
  }

  private lookAtIpv4(frame: Buffer, length: number): void {
    if (length < ETHERNET_BYTES + IPV4_BYTES) return;
    const first = frame.readUInt8(ETHERNET_BYTES);
    const headerBytes = (first & 0x0f) * 4;
    const end = ETHERNET_BYTES + frame.readUInt16BE(ETHERNET_BYTES + 2);
    if (first >> 4 !== 4 || headerBytes < IPV4_BYTES || end > length) return;
    this.protocol = frame.readUInt8(ETHERNET_BYTES + 9);
    this.dscp = frame.readUInt8(ETHERNET_BYTES + 1) >> 2;
    this.identification = frame.readUInt16BE(ETHERNET_BYTES + 4);
    this.source = frame.readUInt32BE(ETHERNET_BYTES + 12);
    this.destination = frame.readUInt32BE(ETHERNET_BYTES + 16);
    const isLaterFragment = (frame.readUInt16BE(ETHERNET_BYTES + 6) & 0x1fff) !== 0;
    if (!isLaterFragment) this.lookAtPorts(frame, ETHERNET_BYTES + headerBytes, end);
  }

  private lookAtPorts(frame: Buffer, start: number, end: number): void {
    const isUdp = this.protocol === IpProtocol.udp;
    if (!isUdp && this.protocol !== IpProtocol.tcp) return;
    if (start + (isUdp ? UDP_BYTES : TCP_BYTES) > end) return;
    this.sourcePort = frame.readUInt16BE(start);
    this.destinationPort = frame.readUInt16BE(start + 2);
    if (!isUdp) return;
    this.payloadStart = start + UDP_BYTES;
    this.payloadEnd = end;
  }
}

/** Whether a packet is meant. Allocates nothing. */
export type PacketTest = (packet: PacketView) => boolean;
