import { createHash } from 'node:crypto';
import { readCapture } from './capture.js';
import { dstAddress, srcAddress, type Datagram } from './datagram.js';
import { PacketDecoder } from './packet.js';
import { RtpCollector } from './rtp.js';
import { looksLikeSip, parseSip } from './sip.js';
import { Tally } from './tally.js';
import type { CapturePoint } from './capture-point.js';
import type { Evidence, Seen, SipMessage } from './types.js';

/** A capture to be decoded. */
export interface CaptureFile extends CapturePoint {
  path: string;
}

/** One capture, decoded. Which streams are RTP can only be told once the SIP of all captures is known: see `rtp`. */
export interface DecodedCapture {
  sip: SipMessage[];
  icmp: Evidence['icmp'];
  rtp: RtpCollector;
  summary: Evidence['captures'][number];
}

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
const ICMP_ERRORS: Record<4 | 6, ReadonlySet<number>> = {
  4: new Set([3, 4, 5, 11, 12]),
  6: new Set([1, 2, 3, 4]),
};
const SIP_PORT = 5060;

/** Decodes one capture; `atMs` turns its wall clock into ms on the lab axis. Never throws for a file's contents. */
export async function decodeCapture(
  point: CaptureFile,
  atMs: (wallMs: number) => number,
): Promise<DecodedCapture> {
  const problems = new Tally();
  const content = new CaptureContent(point, problems);
  const decoder = new PacketDecoder(problems, (datagram) => content.add(datagram));
  const { frames, problems: fileProblems } = await readCapture(point.path, (frame) =>
    decoder.decode(frame, atMs(frame.wallMs)),
  );
  decoder.finish();
  const { file, node } = point;
  const summary = { file, node, interface: point.interface, frames, problems: fileProblems };
  summary.problems.push(...problems.texts());
  return { sip: content.sip, icmp: content.icmp, rtp: content.rtp, summary };
}

/** Sorts the packets of one capture into SIP, RTP and ICMP. */
class CaptureContent {
  readonly sip: SipMessage[] = [];
  readonly icmp: Evidence['icmp'] = [];
  readonly rtp: RtpCollector;
  private readonly messagesSeen = new Set<string>();

  constructor(
    private readonly point: CapturePoint,
    private readonly problems: Tally,
  ) {
    this.rtp = new RtpCollector(point, problems);
  }

  add(datagram: Datagram): void {
    const { protocol, bytes, start, end } = datagram;
    if (protocol === 'icmp') this.addIcmp(datagram);
    else if (looksLikeSip(bytes, start, end)) this.addSip(datagram);
    else if (protocol === 'udp') {
      if (datagram.dstPort === SIP_PORT && !isKeepAlive(bytes, start, end))
        this.problems.note(`datagram to port ${SIP_PORT} that is not SIP`, datagram.frame);
      this.rtp.add(datagram);
    }
  }

  private addSip(datagram: Datagram): void {
    if (datagram.protocol === 'tcp')
      return this.problems.note('SIP over TCP, which is not decoded yet', datagram.frame);
    const bytes = datagram.bytes.subarray(datagram.start, datagram.end);
    const content = parseSip(bytes);
    if (typeof content === 'string') return this.problems.note(content, datagram.frame);
    const src = { address: srcAddress(datagram), port: datagram.srcPort };
    const dst = { address: dstAddress(datagram), port: datagram.dstPort };
    const seen = this.seen(datagram, src.address);
    const digest = createHash('sha1').update(bytes).digest('base64');
    const fingerprint = `${src.address} ${src.port} ${dst.address} ${dst.port} ${digest}`;
    const retransmission = this.messagesSeen.has(fingerprint);
    this.messagesSeen.add(fingerprint);
    this.sip.push({ seen, src, dst, transport: 'udp', ...content, retransmission });
  }

  private addIcmp(datagram: Datagram): void {
    const type = datagram.bytes[datagram.start]!;
    if (!ICMP_ERRORS[datagram.version].has(type)) return;
    const src = srcAddress(datagram);
    const code = datagram.bytes[datagram.start + 1]!;
    this.icmp.push({ seen: this.seen(datagram, src), type, code, src, dst: dstAddress(datagram) });
  }

  private seen({ frame, atMs }: Datagram, srcAddress: string): Seen {
    const { file, node, addresses } = this.point;
    return { file, node, interface: this.point.interface, frame, atMs, sent: addresses.has(srcAddress) };
  }
}

/** Line ends or zeros only: what clients send to keep a NAT binding (RFC 5626 §3.5.1, and custom). */
function isKeepAlive(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (![0, 10, 13].includes(bytes[at]!)) return false;
  return true;
}
