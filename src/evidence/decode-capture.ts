import type { CapturePoint } from './capture-point.js';
import { readCapture } from './capture.js';
import { CaptureContent } from './capture-content.js';
import { PacketDecoder } from './packet.js';
import { RtpColumns } from './rtp-columns.js';
import { RtpFinder, type Announced } from './rtp.js';
import type { RtcpReport } from './rtcp.js';
import { Tally } from './tally.js';
import { TlsLog } from './tls-log.js';
import type { DnsMessage, Evidence, RtpStream, SipMessage, TlsHandshake } from './types.js';

/** A capture to be decoded. */
export interface CaptureFile extends CapturePoint {
  path: string;
}

/** One capture, decoded. */
export interface DecodedCapture {
  sip: SipMessage[];
  tls: TlsHandshake[];
  dns: DnsMessage[];
  icmp: Evidence['icmp'];
  rtcp: RtcpReport[];
  /** Which streams are RTP can only be told once the SIP of all captures is known. In order of their first packet. */
  rtp: (announced: Announced) => RtpStream[];
  summary: Evidence['captures'][number];
}

/** Decodes one capture; `atMs` turns its wall clock into ms on the lab axis. Never throws for a file's contents. */
export async function decodeCapture(
  point: CaptureFile,
  atMs: (wallMs: number) => number,
): Promise<DecodedCapture> {
  const problems = new Tally();
  const finder = new RtpFinder(() => new RtpColumns(), problems);
  const content = new CaptureContent(point, problems, finder);
  const tls = new TlsLog(point, atMs);
  const decoder = new PacketDecoder(problems, (datagram) => {
    content.add(datagram);
    tls.add(datagram);
  });
  const { frames, problems: fileProblems } = await readCapture(point.path, (frame) =>
    decoder.decode(frame, atMs(frame.wallMs)),
  );
  decoder.finish();
  content.finish();
  const { file, node, addresses } = point;
  const place = { file, node, interface: point.interface };
  const rtp = (announced: Announced) =>
    finder.finish(announced).map(({ flow: { src, dst, ssrc }, consumer }): RtpStream => {
      const sent = addresses.has(src.address);
      return { ...place, src, dst, ssrc, sent, ...consumer.finish() };
    });
  const summary = { ...place, frames, problems: [...fileProblems, ...problems.texts()] };
  const { sip, dns, icmp, rtcp } = content;
  return { sip, dns, tls: tls.handshakes, icmp, rtcp: rtcp.reports, rtp, summary };
}
