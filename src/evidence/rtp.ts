import { STATIC_PAYLOADS } from './codecs.js';
import { dstAddress, srcAddress, type Datagram } from './datagram.js';
import { FlowTable } from './flow-table.js';
import { emptyRtpPacket, readRtp, type RtpPacket } from './rtp-packet.js';
import type { Tally } from './tally.js';
import type { Endpoint, SipMessage } from './types.js';

/** Packets in sequence that a stream nobody announced needs before it's believed to be RTP. */
const CONVINCING_RUN = 3;
/** Unproven streams kept at once: what only looks like RTP has a new "SSRC" in every packet. */
const MOST_UNPROVEN = 4096;
const MOST_STREAMS = 32768;

/** From where to where a stream goes, and where it was seen. */
export interface RtpFlow {
  src: Endpoint;
  dst: Endpoint;
  ssrc: number;
  /** Where a capture was taken on several interfaces: which one, counted from 0. */
  interface: number;
}

/** Gets the packets of one stream as they come. */
export interface RtpConsumer {
  /** The object and its bytes are reused for the next packet: copy what is to be kept. */
  packet(packet: RtpPacket): void;
}

/** A stream that is RTP, and what took its packets. */
export interface FoundStream<C> {
  flow: RtpFlow;
  consumer: C;
}

/** A stream that may be RTP; which ones are is known when every SDP has been read. */
interface Candidate<C> extends FoundStream<C> {
  firstFrame: number;
  /** Each payload type seen, and the last one. */
  types: number[];
  lastType: number;
  /** Packets up to now, each the successor of the one before it. */
  run: number;
  sequence: number;
  timestamp: number;
  proven: boolean;
  /** Its place in the table. */
  entry: number;
}

/** What the SDPs of a run told about its RTP. */
export interface Announced {
  /** `address port` of every endpoint. */
  endpoints: ReadonlySet<string>;
  payloadTypes: ReadonlySet<number>;
}

/** Finds what looks like RTP in one capture, hands its packets on, and sorts it out at the end. */
export class RtpFinder<C extends RtpConsumer> {
  private readonly table = new FlowTable<Candidate<C>>();
  private readonly unproven = new Set<Candidate<C>>();
  private readonly packet = emptyRtpPacket();

  /** `begin` makes what takes the packets of a stream, at its first one. */
  constructor(
    private readonly begin: (flow: RtpFlow, datagram: Datagram, packet: RtpPacket) => C,
    private readonly problems: Tally,
  ) {}

  /** Takes a UDP datagram if it may be RTP. */
  add(datagram: Datagram): void {
    const { packet } = this;
    if (!readRtp(datagram, packet)) return;
    const candidate = this.table.get(datagram, packet.ssrc) ?? this.newCandidate(datagram);
    if (candidate === null) return;
    if (!candidate.proven) this.weigh(candidate);
    if (candidate.lastType !== packet.payloadType) {
      candidate.lastType = packet.payloadType;
      if (!candidate.types.includes(packet.payloadType)) candidate.types.push(packet.payloadType);
    }
    candidate.consumer.packet(packet);
  }

  /** The streams that are RTP, in order of their first packet. */
  finish(announced: Announced): FoundStream<C>[] {
    const found = this.table.all().filter((candidate) => isRtp(candidate, announced));
    return found.sort((a, b) => a.firstFrame - b.firstFrame);
  }

  private newCandidate(datagram: Datagram): Candidate<C> | null {
    const { packet, table } = this;
    if (table.size - this.unproven.size >= MOST_STREAMS) {
      this.problems.note(`packet of an RTP stream beyond the ${MOST_STREAMS} that are kept`, datagram.frame);
      return null;
    }
    const flow: RtpFlow = {
      src: { address: srcAddress(datagram), port: datagram.srcPort },
      dst: { address: dstAddress(datagram), port: datagram.dstPort },
      ssrc: packet.ssrc,
      interface: datagram.interface,
    };
    const candidate: Candidate<C> = {
      flow,
      consumer: this.begin(flow, datagram, packet),
      firstFrame: datagram.frame,
      types: [],
      lastType: -1,
      run: 0,
      sequence: 0,
      timestamp: 0,
      proven: false,
      entry: 0,
    };
    candidate.entry = table.add(datagram, packet.ssrc, candidate);
    this.unproven.add(candidate);
    if (this.unproven.size > MOST_UNPROVEN) this.dropOldest(datagram.frame);
    return candidate;
  }

  private weigh(candidate: Candidate<C>): void {
    const { sequence, timestamp } = this.packet;
    const follows =
      candidate.run > 0 &&
      sequence === ((candidate.sequence + 1) & 0xffff) &&
      (timestamp - candidate.timestamp) >>> 0 < 0x80000000;
    candidate.run = follows ? candidate.run + 1 : 1;
    candidate.sequence = sequence;
    candidate.timestamp = timestamp;
    if (candidate.run < CONVINCING_RUN) return;
    candidate.proven = true;
    this.unproven.delete(candidate);
  }

  private dropOldest(frame: number): void {
    for (const candidate of this.unproven) {
      this.unproven.delete(candidate);
      this.table.delete(candidate.entry);
      this.problems.note('packet that looked like RTP left out, of too many streams never continued', frame);
      return;
    }
  }
}

/** Collects what the SDPs of messages announce. */
export class SdpEndpoints implements Announced {
  readonly endpoints = new Set<string>();
  readonly payloadTypes = new Set<number>();

  add({ sdp }: Pick<SipMessage, 'sdp'>): void {
    if (!sdp || sdp.port === 0) return;
    this.endpoints.add(`${sdp.address} ${sdp.port}`);
    for (const { type } of sdp.payloads) this.payloadTypes.add(type);
  }
}

/** What the SDPs of these messages announce. */
export function announcedBy(messages: readonly SipMessage[]): Announced {
  const announced = new SdpEndpoints();
  for (const message of messages) announced.add(message);
  return announced;
}

/**
 * Announced on either end: RTP if its payload type is one that is in use, or its packets follow one another. Not
 * announced: both, and to an even port (RFC 3550 §11).
 */
function isRtp<C>(
  { flow: { src, dst }, types, proven }: Candidate<C>,
  { endpoints, payloadTypes }: Announced,
): boolean {
  const typeInUse = types.some((type) => payloadTypes.has(type) || STATIC_PAYLOADS.has(type));
  const told = [src, dst].some(({ address, port }) => endpoints.has(`${address} ${port}`));
  return told ? typeInUse || proven : typeInUse && proven && dst.port % 2 === 0;
}
