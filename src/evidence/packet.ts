import type { CapturedFrame } from './capture.js';
import type { Datagram } from './datagram.js';
import { FragmentStore } from './fragments.js';
import type { Tally } from './tally.js';

const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100]);
const IPV6_OPTIONS = new Set([0, 43, 60]);
const IPV6_FRAGMENT = 44;

/**
 * Finds UDP, TCP and ICMP in Ethernet frames, by offsets: no object is made per packet. Bounds come from what was
 * captured, never from a length field alone.
 */
export class PacketDecoder {
  private readonly fragments = new FragmentStore();
  private readonly datagram: Datagram = {
    bytes: Buffer.alloc(0),
    protocol: 'udp',
    version: 4,
    addresses: 0,
    srcPort: 0,
    dstPort: 0,
    start: 0,
    end: 0,
    frame: 0,
    atMs: 0,
  };

  constructor(
    private readonly problems: Tally,
    private readonly sink: (datagram: Datagram) => void,
  ) {}

  /** Shows the packet in this frame, if there's one, to the sink. */
  decode(frame: CapturedFrame, atMs: number): void {
    const { bytes, end, number } = frame;
    if (end - frame.start < frame.originalLength) this.problems.note('frame cut by the snap length', number);
    this.datagram.frame = number;
    this.datagram.atMs = atMs;
    let at = frame.start + 12;
    if (at + 2 > end) return this.problems.note('frame shorter than an Ethernet header', number);
    let type = bytes.readUInt16BE(at);
    while (VLAN_TAGS.has(type) && at + 6 <= end) type = bytes.readUInt16BE((at += 4));
    if (type === 0x0800) this.ipv4(bytes, at + 2, end);
    else if (type === 0x86dd) this.ipv6(bytes, at + 2, end);
  }

  /** To be called after the last frame. */
  finish(): void {
    for (const frame of this.fragments.incomplete())
      this.problems.note('IPv4 datagram with missing fragments', frame);
  }

  private ipv4(bytes: Buffer, at: number, limit: number): void {
    const { frame } = this.datagram;
    const headerEnd = at + (bytes[at]! & 15) * 4;
    if (limit - at < 20 || bytes[at]! >> 4 !== 4 || headerEnd < at + 20 || headerEnd > limit)
      return this.problems.note('damaged IPv4 header', frame);
    // A total length of 0 is what segmentation offload leaves in a capture on the sending host.
    const total = bytes.readUInt16BE(at + 2) || limit - at;
    if (at + total < headerEnd) return this.problems.note('damaged IPv4 header', frame);
    const end = Math.min(limit, at + total);
    if ((bytes.readUInt16BE(at + 6) & 0x3fff) === 0)
      return this.transport(bytes, 4, at, bytes[at + 9]!, headerEnd, end);
    if (at + total > limit) return this.problems.note('IPv4 fragment cut short', frame);
    const whole = this.fragments.add(bytes, at, headerEnd, end, frame, this.datagram.atMs);
    if (whole) this.transport(whole, 4, 0, whole[9]!, 20, whole.length);
  }

  private ipv6(bytes: Buffer, at: number, limit: number): void {
    const { frame } = this.datagram;
    if (limit - at < 40 || bytes[at]! >> 4 !== 6) return this.problems.note('damaged IPv6 header', frame);
    const end = Math.min(limit, at + 40 + (bytes.readUInt16BE(at + 4) || limit));
    let next = bytes[at + 6]!;
    let payload = at + 40;
    while (IPV6_OPTIONS.has(next) && payload + 8 <= end) {
      next = bytes[payload]!;
      payload += (bytes[payload + 1]! + 1) * 8;
    }
    if (next === IPV6_FRAGMENT) return this.problems.note('IPv6 fragment, not reassembled', frame);
    this.transport(bytes, 6, at + 8, next, payload, end);
  }

  private transport(
    bytes: Buffer,
    version: 4 | 6,
    ip: number,
    protocol: number,
    at: number,
    end: number,
  ): void {
    const { datagram } = this;
    datagram.bytes = bytes;
    datagram.version = version;
    datagram.addresses = version === 4 ? ip + 12 : ip;
    datagram.end = end;
    if (protocol === (version === 4 ? 1 : 58)) {
      if (end - at < 8) return this.problems.note('damaged ICMP header', datagram.frame);
      datagram.protocol = 'icmp';
      datagram.srcPort = datagram.dstPort = 0;
      datagram.start = at;
      return this.sink(datagram);
    }
    if (protocol !== 17 && protocol !== 6) return;
    const udp = protocol === 17;
    const header = udp ? 8 : at + 13 <= end ? (bytes[at + 12]! >> 4) * 4 : Infinity;
    if (at + header > end || header < 8)
      return this.problems.note(`damaged ${udp ? 'UDP' : 'TCP'} header`, datagram.frame);
    if (udp) {
      const length = bytes.readUInt16BE(at + 4) || end - at;
      if (length < 8) return this.problems.note('damaged UDP header', datagram.frame);
      if (at + length < end) datagram.end = at + length;
      else if (at + length > end) this.problems.note('UDP datagram cut short', datagram.frame);
    }
    datagram.protocol = udp ? 'udp' : 'tcp';
    datagram.srcPort = bytes.readUInt16BE(at);
    datagram.dstPort = bytes.readUInt16BE(at + 2);
    datagram.start = at + header;
    this.sink(datagram);
  }
}
