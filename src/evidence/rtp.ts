import type { CapturePoint } from './capture-point.js';
import { STATIC_PAYLOADS } from './codecs.js';
import { dstAddress, endpointKeys, srcAddress, type Datagram } from './datagram.js';
import { PayloadArena, RtpColumns } from './rtp-columns.js';
import type { Tally } from './tally.js';
import type { Endpoint, RtpStream, SipMessage } from './types.js';

/** Packets in sequence that a stream nobody announced needs before it's believed to be RTP. */
const CONVINCING_RUN = 3;
/** Unproven streams kept at once: what only looks like RTP has a new "SSRC" in every packet. */
const MOST_UNPROVEN = 4096;
const HEADER = 12;

/** A stream that may be RTP; which ones are is known when every SDP has been read. */
interface Candidate {
  src: Endpoint;
  dst: Endpoint;
  ssrc: number;
  columns: RtpColumns;
  /** Packets up to now, each the successor of the one before it. */
  run: number;
  proven: boolean;
  table: Map<number, Candidate>;
}

/** What the SDPs of a run told about its RTP. */
export interface Announced {
  /** `address port` of every endpoint. */
  endpoints: ReadonlySet<string>;
  payloadTypes: ReadonlySet<number>;
}

type EndpointTable<T> = Map<number | string, T>;

/** Collects what looks like RTP (RFC 3550 §5.1) in one capture, and sorts it out at the end. */
export class RtpCollector {
  private readonly flows: EndpointTable<EndpointTable<Map<number, Candidate>>> = new Map();
  private readonly unproven = new Set<Candidate>();
  private readonly arena = new PayloadArena();

  constructor(
    private readonly point: CapturePoint,
    private readonly problems: Tally,
  ) {}

  /** Takes a UDP datagram if it may be RTP. */
  add(datagram: Datagram): void {
    const { bytes, start, end } = datagram;
    if (end - start < HEADER || bytes[start]! >> 6 !== 2) return;
    // RTCP has 192–223 where RTP has marker and payload type (RFC 5761 §4).
    const second = bytes[start + 1]!;
    if (second >= 192 && second <= 223) return;
    let payload = start + HEADER + (bytes[start]! & 15) * 4;
    if (bytes[start]! & 0x10) {
      if (payload + 4 > end) return;
      payload += 4 + bytes.readUInt16BE(payload + 2) * 4;
    }
    const padding = bytes[start]! & 0x20 ? bytes[end - 1]! : 0;
    if (payload + padding > end) return;
    const candidate = this.candidate(datagram, bytes.readUInt32BE(start + 8));
    this.weigh(candidate, bytes.readUInt16BE(start + 2), bytes.readUInt32BE(start + 4));
    const kept = this.arena.keep(bytes, payload, end - padding);
    candidate.columns.push(bytes, start, datagram.atMs, datagram.frame, kept);
  }

  /** The streams that are RTP, in order of their first packet. */
  finish(announced: Announced): RtpStream[] {
    const { file, node, interface: iface, addresses } = this.point;
    const streams: RtpStream[] = [];
    for (const flows of this.flows.values())
      for (const flow of flows.values())
        for (const candidate of flow.values())
          if (isRtp(candidate, announced)) {
            const { src, dst, ssrc, columns } = candidate;
            const sent = addresses.has(src.address);
            const packets = columns.finish();
            streams.push({ file, node, interface: iface, src, dst, ssrc, sent, ...packets });
          }
    return streams.sort((a, b) => a.frame[0]! - b.frame[0]!);
  }

  private candidate(datagram: Datagram, ssrc: number): Candidate {
    const [srcKey, dstKey] = endpointKeys(datagram);
    let flows = this.flows.get(srcKey);
    if (!flows) this.flows.set(srcKey, (flows = new Map<number | string, Map<number, Candidate>>()));
    let table = flows.get(dstKey);
    if (!table) flows.set(dstKey, (table = new Map<number, Candidate>()));
    const known = table.get(ssrc);
    if (known) return known;
    const candidate = {
      src: { address: srcAddress(datagram), port: datagram.srcPort },
      dst: { address: dstAddress(datagram), port: datagram.dstPort },
      ssrc,
      columns: new RtpColumns(),
      run: 0,
      proven: false,
      table,
    };
    table.set(ssrc, candidate);
    this.unproven.add(candidate);
    if (this.unproven.size > MOST_UNPROVEN) this.dropOldest(datagram.frame);
    return candidate;
  }

  private weigh(candidate: Candidate, sequence: number, timestamp: number): void {
    if (candidate.proven) return;
    const { columns } = candidate;
    const follows =
      columns.length > 0 &&
      sequence === ((columns.lastSequence() + 1) & 0xffff) &&
      (timestamp - columns.lastTimestamp()) >>> 0 < 0x80000000;
    candidate.run = follows ? candidate.run + 1 : 1;
    if (candidate.run < CONVINCING_RUN) return;
    candidate.proven = true;
    this.unproven.delete(candidate);
  }

  private dropOldest(frame: number): void {
    for (const candidate of this.unproven) {
      this.unproven.delete(candidate);
      candidate.table.delete(candidate.ssrc);
      this.problems.note('packet that looked like RTP left out, of too many streams never continued', frame);
      return;
    }
  }
}

/** What the SDPs of these messages announce. */
export function announcedBy(messages: SipMessage[]): Announced {
  const endpoints = new Set<string>();
  const payloadTypes = new Set<number>();
  for (const { sdp } of messages) {
    if (!sdp || sdp.port === 0) continue;
    endpoints.add(`${sdp.address} ${sdp.port}`);
    for (const { type } of sdp.payloads) payloadTypes.add(type);
  }
  return { endpoints, payloadTypes };
}

/**
 * Announced on either end: RTP if its payload type is one that is in use, or its packets follow one another. Not
 * announced: both, and to an even port (RFC 3550 §11).
 */
function isRtp({ src, dst, columns, proven }: Candidate, { endpoints, payloadTypes }: Announced): boolean {
  const typeInUse = columns.hasPayloadType(payloadTypes) || columns.hasPayloadType(STATIC_TYPES);
  const told = [src, dst].some(({ address, port }) => endpoints.has(`${address} ${port}`));
  return told ? typeInUse || proven : typeInUse && proven && dst.port % 2 === 0;
}

const STATIC_TYPES: ReadonlySet<number> = new Set(STATIC_PAYLOADS.keys());
