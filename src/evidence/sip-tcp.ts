import { SIP_PORT, SIPS_PORT } from '../base/ports.js';
import type { Datagram } from './datagram.js';
import { dstAddress, srcAddress } from './datagram.js';
import { SipFraming } from './sip-framing.js';
import { looksLikeSip } from './sip.js';
import type { Tally } from './tally.js';
import { TcpOrder } from './tcp-order.js';
import type { Endpoint } from './types.js';

/** Directions of connections that are followed at once, and connections that are only told. */
const MOST_FOLLOWED = 1024;
const MOST_TOLD = 65536;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** A message that came over TCP. */
export interface TcpMessage {
  bytes: Buffer;
  src: Endpoint;
  dst: Endpoint;
  interface: number;
  frame: number;
  atMs: number;
}

interface Direction {
  order: TcpOrder;
  framing: SipFraming;
}

/** Follows the TCP connections that carry SIP, and tells those that do but can't be read: over TLS, over WebSocket. */
export class SipOverTcp {
  private readonly followed = new Map<string, Direction>();
  private readonly told = new Set<string>();

  constructor(
    private readonly problems: Tally,
    private readonly message: (message: TcpMessage) => void,
  ) {}

  add(datagram: Datagram): void {
    const { bytes, tcpHeader, start, end, srcPort, dstPort, frame } = datagram;
    const flags = bytes[tcpHeader + 13]!;
    const isSipPort = srcPort === SIP_PORT || dstPort === SIP_PORT;
    // Of a connection on another port, only what looks like SIP makes it one to be followed.
    if (this.followed.size === 0 && start === end && !isSipPort) return;
    const key = keyOf(datagram, false);
    let direction = this.followed.get(key);
    const sequence = bytes.readUInt32BE(tcpHeader + 4);
    if (flags & SYN) {
      if (direction) this.end(key, direction);
      if (isSipPort) this.follow(key, datagram, sequence + 1);
      return;
    }
    if (flags & ACK && this.followed.size > 0)
      this.followed.get(keyOf(datagram, true))?.order.acknowledged(bytes.readUInt32BE(tcpHeader + 8));
    if (start < end) {
      if (!direction && looksLikeSip(bytes, start, end)) direction = this.follow(key, datagram, sequence);
      if (direction) {
        const { atMs } = datagram;
        direction.order.add(sequence, { bytes: bytes.subarray(start, end), frame, atMs });
      } else this.tell(datagram);
    }
    if (direction && flags & (FIN | RST)) this.end(key, direction);
  }

  /** To be called after the last packet. */
  finish(): void {
    for (const [key, direction] of this.followed) this.end(key, direction);
  }

  private follow(key: string, datagram: Datagram, next: number): Direction {
    const src = { address: srcAddress(datagram), port: datagram.srcPort };
    const dst = { address: dstAddress(datagram), port: datagram.dstPort };
    const { interface: index } = datagram;
    const note = (what: string, frame: number) => this.problems.note(what, frame);
    const framing = new SipFraming(
      (bytes, frame, atMs) => this.message({ bytes, src, dst, interface: index, frame, atMs }),
      note,
    );
    const gap = (frame: number) => {
      note('gap in a TCP connection of SIP', frame);
      framing.interrupt();
    };
    const direction = { framing, order: new TcpOrder(next | 0, (segment) => framing.add(segment), gap) };
    const [oldest] = this.followed;
    if (oldest && this.followed.size >= MOST_FOLLOWED) {
      note('TCP connection of SIP left, of too many at once', datagram.frame);
      this.end(...oldest);
    }
    this.followed.set(key, direction);
    return direction;
  }

  private end(key: string, { order, framing }: Direction): void {
    order.finish();
    framing.interrupt();
    this.followed.delete(key);
  }

  private tell(datagram: Datagram): void {
    const what = hiddenSip(datagram);
    if (what === null || this.told.size >= MOST_TOLD) return;
    const key = [keyOf(datagram, false), keyOf(datagram, true)].sort()[0]!;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.problems.note(what, datagram.frame);
  }
}

/** What a connection is that carries SIP out of sight, by the beginning of a segment; null if there's no telling. */
function hiddenSip({ bytes, start, end, srcPort, dstPort }: Datagram): string | null {
  const first = bytes[start]!;
  // A TLS record (RFC 8446 §5.1): alert, handshake or data.
  if (first >= 21 && first <= 23 && end - start > 5 && bytes[start + 1] === 3 && bytes[start + 2]! <= 4) {
    const tells = srcPort === SIPS_PORT || dstPort === SIPS_PORT || offersSip(bytes, start, end);
    return tells ? 'connection with SIP over TLS, keys absent' : null;
  }
  if (first !== 0x47 && first !== 0x48) return null;
  // RFC 7118 §4.1
  const head = bytes.toString('latin1', start, end);
  const isWebSocket = /^(?:GET |HTTP\/1\.1 101 )[^]*\nsec-websocket-protocol:[^\n]*\bsip\b/i.test(head);
  return isWebSocket ? 'connection with SIP over WebSocket, which is not decoded' : null;
}

/** Whether a TLS ClientHello names SIP as its application protocol ("sip/2" in the IANA registry of ALPN). */
function offersSip(bytes: Buffer, start: number, end: number): boolean {
  return (
    bytes[start] === 22 &&
    bytes[start + 5] === 1 &&
    bytes.subarray(start, end).includes('\x05sip/2', 0, 'latin1')
  );
}

function keyOf({ bytes, version, addresses, srcPort, dstPort, interface: index }: Datagram, back: boolean) {
  const size = version === 4 ? 4 : 16;
  const src = bytes.toString('latin1', addresses, addresses + size);
  const dst = bytes.toString('latin1', addresses + size, addresses + 2 * size);
  return back ? `${dst}${src} ${dstPort} ${srcPort} ${index}` : `${src}${dst} ${srcPort} ${dstPort} ${index}`;
}
