import { DNS_PORT, SIP_PORT } from '../base/ports.js';
import type { CapturePoint } from './capture-point.js';
import { dstAddress, srcAddress, type Datagram } from './datagram.js';
import { parseDns } from './dns.js';
import { RtcpLog } from './rtcp-log.js';
import { looksLikeRtcp } from './rtp-packet.js';
import { SipLog, type Sighting } from './sip-log.js';
import { looksLikeSip } from './sip.js';
import { SipOverTcp } from './sip-tcp.js';
import type { Tally } from './tally.js';
import type { DnsMessage, Evidence, SipMessage } from './types.js';

/** What is kept at most of a capture, in entries. Of what is beyond, the number is told. */
export interface ContentLimits {
  sip: number;
  rtcp: number;
  icmp: number;
  /** None if left out: DNS isn't looked into then. */
  dns?: number;
}

/** How captures that nobody planned are taken apart. */
export interface ContentOptions {
  limits: ContentLimits;
  /** Name of an interface, by its index in the datagram. */
  interfaceName: (index: number) => string;
  /** Keeps a SIP message, in order of what completed it. Default: they are all in `sip`. */
  keep: (message: SipMessage) => void;
}

/** A run's captures are as long as the run. */
const NO_LIMITS: ContentLimits = { sip: Infinity, rtcp: Infinity, icmp: Infinity, dns: Infinity };
/** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
const ICMP_ERRORS: Record<4 | 6, ReadonlySet<number>> = {
  4: new Set([3, 4, 5, 11, 12]),
  6: new Set([1, 2, 3, 4]),
};

/** Sorts the packets of one capture into SIP, DNS, RTP, RTCP and ICMP. */
export class CaptureContent {
  readonly icmp: Evidence['icmp'] = [];
  readonly dns: DnsMessage[] = [];
  readonly rtcp: RtcpLog;
  private readonly limits: ContentLimits;
  private readonly seen: Sighting;
  private readonly sipLog: SipLog;
  private readonly tcp: SipOverTcp;

  constructor(
    point: CapturePoint,
    private readonly problems: Tally,
    private readonly rtp: { add(datagram: Datagram): void },
    options: Partial<ContentOptions> = {},
  ) {
    this.limits = options.limits ?? NO_LIMITS;
    const { interfaceName = () => point.interface } = options;
    this.seen = ({ frame, atMs, interface: index }, src) => {
      const { file, node, addresses } = point;
      return { file, node, interface: interfaceName(index), frame, atMs, sent: addresses.has(src) };
    };
    this.rtcp = new RtcpLog(problems, this.limits.rtcp);
    this.sipLog = new SipLog(problems, this.limits.sip, this.seen, options.keep);
    this.tcp = new SipOverTcp(problems, (message) => this.sipLog.add({ ...message, transport: 'tcp' }));
  }

  /** In order of the frames that completed them. */
  get sip(): SipMessage[] {
    return this.sipLog.messages;
  }

  add(datagram: Datagram): void {
    const { protocol, bytes, start, end } = datagram;
    if (protocol === 'tcp') this.tcp.add(datagram);
    else if (protocol === 'icmp') this.addIcmp(datagram);
    else if (looksLikeSip(bytes, start, end)) this.addSip(datagram);
    else if (this.limits.dns && isDns(datagram)) this.addDns(datagram);
    else {
      if (datagram.dstPort === SIP_PORT && !isKeepAlive(bytes, start, end))
        this.problems.note(`datagram to port ${SIP_PORT} that is not SIP`, datagram.frame);
      if (looksLikeRtcp(datagram)) this.addRtcp(datagram);
      else this.rtp.add(datagram);
    }
  }

  /** To be called after the last packet. */
  finish(): void {
    this.tcp.finish();
    this.sipLog.finish();
  }

  private addSip(datagram: Datagram): void {
    const { frame, atMs, interface: index } = datagram;
    const bytes = datagram.bytes.subarray(datagram.start, datagram.end);
    this.sipLog.add({ bytes, ...ends(datagram), transport: 'udp', interface: index, frame, atMs });
  }

  private addDns(datagram: Datagram): void {
    const content = parseDns(datagram.bytes.subarray(datagram.start, datagram.end));
    if (typeof content === 'string') return this.problems.note(content, datagram.frame);
    const { src, dst } = ends(datagram);
    this.dns.push({ seen: this.seen(datagram, src.address), src, dst, ...content });
  }

  private addRtcp(datagram: Datagram): void {
    const { src, dst } = ends(datagram);
    this.rtcp.add(datagram, this.seen(datagram, src.address), src, dst);
  }

  private addIcmp(datagram: Datagram): void {
    const type = datagram.bytes[datagram.start]!;
    if (!ICMP_ERRORS[datagram.version].has(type)) return;
    if (this.icmp.length >= this.limits.icmp)
      return this.problems.note('ICMP error beyond the number that is kept', datagram.frame);
    const src = srcAddress(datagram);
    const code = datagram.bytes[datagram.start + 1]!;
    this.icmp.push({ seen: this.seen(datagram, src), type, code, src, dst: dstAddress(datagram) });
  }
}

const isDns = ({ srcPort, dstPort }: Datagram) => srcPort === DNS_PORT || dstPort === DNS_PORT;

const ends = (datagram: Datagram) => ({
  src: { address: srcAddress(datagram), port: datagram.srcPort },
  dst: { address: dstAddress(datagram), port: datagram.dstPort },
});

/** Line ends or zeros only: what clients send to keep a NAT binding (RFC 5626 §3.5.1, and custom). */
function isKeepAlive(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (![0, 10, 13].includes(bytes[at]!)) return false;
  return true;
}
