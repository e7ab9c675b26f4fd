import type { CapturedFrame } from './captured-frame.js';
import { emptyDatagram, type Datagram } from './datagram.js';
import { FragmentStore } from './fragments.js';
import { afterExtensions, IPV6_FRAGMENT } from './ipv6-extensions.js';
import { findIp, NOT_IP, sll2Interface, TOO_SHORT } from './link-layer.js';
import type { Tally } from './tally.js';

const SLL2 = 276;

/**
 * Finds UDP, TCP and ICMP in frames, by offsets: no object is made per packet. Bounds come from what was captured, never
 * from a length field alone.
 */
export class PacketDecoder {
  private readonly fragments = new FragmentStore((version, frame) =>
    this.problems.note(`IPv${version} datagram with missing fragments`, frame),
  );
  private readonly datagram: Datagram = emptyDatagram();

  constructor(
    private readonly problems: Tally,
    private readonly sink: (datagram: Datagram) => void,
  ) {}

  /** Shows the packet in this frame, if there's one, to the sink. */
  decode(frame: CapturedFrame, atMs: number): void {
    const { bytes, end, number, linkType } = frame;
    if (end - frame.start < frame.originalLength) this.problems.note('frame cut by the snap length', number);
    const { datagram } = this;
    datagram.frame = number;
    datagram.atMs = atMs;
    const at = findIp(linkType, bytes, frame.start, end);
    if (at < 0) return this.noteLink(at, linkType, number);
    datagram.interface = linkType === SLL2 ? sll2Interface(bytes, frame.start) : frame.interface;
    datagram.reassembled = false;
    if (bytes[at]! >> 4 === 6) this.ipv6(bytes, at, end);
    else this.ipv4(bytes, at, end);
  }

  /** To be called after the last frame. */
  finish(): void {
    this.fragments.finish();
  }

  private noteLink(reason: number, linkType: number, frame: number): void {
    if (reason === NOT_IP) return;
    this.problems.note(
      reason === TOO_SHORT
        ? `frame shorter than ${linkType === 1 ? 'an Ethernet' : 'its link layer'} header`
        : `frame of link type ${linkType}, which is not read`,
      frame,
    );
  }

  private ipv4(bytes: Buffer, at: number, limit: number): void {
    const { frame, atMs, interface: interfaceIndex } = this.datagram;
    const headerEnd = at + (bytes[at]! & 15) * 4;
    if (limit - at < 20 || bytes[at]! >> 4 !== 4 || headerEnd < at + 20 || headerEnd > limit)
      return this.problems.note('damaged IPv4 header', frame);
    // A total length of 0 is what segmentation offload leaves in a capture on the sending host.
    const total = bytes.readUInt16BE(at + 2) || limit - at;
    if (at + total < headerEnd) return this.problems.note('damaged IPv4 header', frame);
    const end = Math.min(limit, at + total);
    const word = bytes.readUInt16BE(at + 6);
    if ((word & 0x3fff) === 0) return this.transport(bytes, 4, at + 12, bytes[at + 9]!, headerEnd, end);
    if (at + total > limit) return this.problems.note('IPv4 fragment cut short', frame);
    const whole = this.fragments.add({
      version: 4,
      key: `4 ${interfaceIndex} ${bytes.toString('latin1', at + 12, at + 20)}${bytes.readUInt16BE(at + 4)} ${bytes[at + 9]}`,
      bytes,
      addresses: at + 12,
      protocol: bytes[at + 9]!,
      offset: (word & 0x1fff) * 8,
      more: (word & 0x2000) !== 0,
      start: headerEnd,
      end,
      frame,
      atMs,
    });
    if (!whole) return;
    this.datagram.reassembled = true;
    this.transport(whole.bytes, 4, 0, whole.protocol, whole.start, whole.bytes.length);
  }

  private ipv6(bytes: Buffer, at: number, limit: number): void {
    const { frame, atMs, interface: interfaceIndex } = this.datagram;
    if (limit - at < 40) return this.problems.note('damaged IPv6 header', frame);
    // A length of 0 is that of a jumbogram, or what segmentation offload leaves.
    const promised = at + 40 + (bytes.readUInt16BE(at + 4) || limit);
    const end = Math.min(limit, promised);
    const { next, payload } = afterExtensions(bytes, bytes[at + 6]!, at + 40, end);
    if (next !== IPV6_FRAGMENT) return this.transport(bytes, 6, at + 8, next, payload, end);
    if (promised > limit || payload + 8 > end) return this.problems.note('IPv6 fragment cut short', frame);
    const word = bytes.readUInt16BE(payload + 2);
    const whole = this.fragments.add({
      version: 6,
      key: `6 ${interfaceIndex} ${bytes.toString('latin1', at + 8, at + 40)}${bytes.readUInt32BE(payload + 4)}`,
      bytes,
      addresses: at + 8,
      protocol: bytes[payload]!,
      offset: word & 0xfff8,
      more: (word & 1) !== 0,
      start: payload + 8,
      end,
      frame,
      atMs,
    });
    if (!whole) return;
    this.datagram.reassembled = true;
    const inner = afterExtensions(whole.bytes, whole.protocol, whole.start, whole.bytes.length);
    this.transport(whole.bytes, 6, 0, inner.next, inner.payload, whole.bytes.length);
  }

  private transport(
    bytes: Buffer,
    version: 4 | 6,
    addresses: number,
    protocol: number,
    at: number,
    end: number,
  ): void {
    const { datagram } = this;
    datagram.bytes = bytes;
    datagram.version = version;
    datagram.addresses = addresses;
    datagram.end = end;
    datagram.tcpHeader = 0;
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
    if (at + header > end || header < (udp ? 8 : 20))
      return this.problems.note(`damaged ${udp ? 'UDP' : 'TCP'} header`, datagram.frame);
    if (udp) {
      const length = bytes.readUInt16BE(at + 4) || end - at;
      if (length < 8) return this.problems.note('damaged UDP header', datagram.frame);
      if (at + length < end) datagram.end = at + length;
      else if (at + length > end) this.problems.note('UDP datagram cut short', datagram.frame);
    } else datagram.tcpHeader = at;
    datagram.protocol = udp ? 'udp' : 'tcp';
    datagram.srcPort = bytes.readUInt16BE(at);
    datagram.dstPort = bytes.readUInt16BE(at + 2);
    datagram.start = at + header;
    this.sink(datagram);
  }
}
