import { basename } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import { CaptureContent, type ContentLimits } from './capture-content.js';
import type { CapturedFrame, CaptureMark } from './captured-frame.js';
import { readCapture } from './capture.js';
import { interfaceName } from './interface-name.js';
import { PacketDecoder } from './packet.js';
import { RtpFinder, SdpEndpoints, type RtpFlow } from './rtp.js';
import type { RtcpReport } from './rtcp.js';
import { SipSpool, type SipBook } from './sip-book.js';
import { StreamSummarizer, type StreamSummary } from './stream-index.js';
import { Tally } from './tally.js';
import type { Evidence } from './types.js';

/** A stream of an index. Its packets are to be had by readStreams and playStreams. */
export interface IndexedStream extends StreamSummary {
  /** Of `captures` in the index. */
  capture: number;
  flow: RtpFlow;
}

/**
 * All that captures hold but for the packets of streams: in memory that doesn't grow with the captures, and SIP in a file,
 * until it's disposed of. Times `atMs` are in ms from the beginning of the earliest capture, whose wall clock is
 * `startWallMs` (since 1970).
 */
export interface CaptureIndex extends Disposable {
  startWallMs: number;
  captures: (Evidence['captures'][number] & { path: string })[];
  sip: SipBook;
  icmp: Evidence['icmp'];
  rtcp: RtcpReport[];
  streams: IndexedStream[];
}

const LIMITS: ContentLimits = { sip: 250_000, rtcp: 30_000, icmp: 10_000 };

/**
 * Reads captures from anywhere, once: SIP (see slimSip), ICMP errors and RTCP are kept (up to a number; what is beyond is told), RTP
 * streams are summed up. Nobody is known to have sent anything (`sent` is false), and a point is named by its file.
 * What is damaged is told in `captures`; throws CAPTURE_UNREADABLE for a file that is missing or no capture at all.
 */
export async function indexCaptures(
  paths: readonly string[],
  limits: ContentLimits = LIMITS,
): Promise<CaptureIndex> {
  const starts = [];
  for (const path of paths) starts.push(await startOf(path));
  const first = Math.min(...starts.filter((start) => start !== null), Infinity);
  const spool = new SipSpool();
  try {
    const pass: Pass = {
      startWallMs: first === Infinity ? 0 : first,
      captures: [],
      icmp: [],
      rtcp: [],
      spool,
      announced: new SdpEndpoints(),
    };
    const finders = [];
    for (const path of paths) finders.push(await indexOne(path, pass, limits));
    const { startWallMs, captures, icmp, rtcp, announced } = pass;
    icmp.sort((a, b) => a.seen.atMs - b.seen.atMs);
    const streams: IndexedStream[] = [];
    for (const [capture, finder] of finders.entries())
      for (const { flow, consumer } of finder.finish(announced))
        streams.push({ capture, flow, ...consumer.summary() });
    const sip = spool.book();
    return {
      startWallMs,
      captures,
      sip,
      icmp,
      rtcp,
      streams,
      [Symbol.dispose]: () => spool[Symbol.dispose](),
    };
  } catch (error) {
    spool[Symbol.dispose]();
    throw error;
  }
}

/** What one capture after another is added to. */
interface Pass extends Pick<CaptureIndex, 'startWallMs' | 'captures' | 'icmp' | 'rtcp'> {
  spool: SipSpool;
  announced: SdpEndpoints;
}

/** Wall clock of the first frame, null if there's none. */
async function startOf(path: string): Promise<number | null> {
  let start: number | null = null;
  const { format, problems } = await readCapture(path, ({ wallMs }) => {
    start = wallMs;
    return false;
  });
  if (format !== null) return start;
  throw new DeadairError('CAPTURE_UNREADABLE', `${path} ${problems[0] ?? 'is not a capture'}.`, {
    exitCode: ExitCode.badInput,
    fix: 'A capture is a pcap or pcapng file, as tcpdump and Wireshark write them.',
  });
}

/** Adds one capture to the index, but for its streams: which ones are RTP is known when all captures are read. */
async function indexOne(
  path: string,
  index: Pass,
  limits: ContentLimits,
): Promise<RtpFinder<StreamSummarizer>> {
  const problems = new Tally();
  const file = basename(path);
  const place = { file, node: file, interface: '' };
  let current: CapturedFrame | null = null;
  const nameOf = (which: number) => (current ? interfaceName(current, which) : '');
  const finder = new RtpFinder((flow, { reassembled }, { frame }) => {
    // What a datagram was put together from came before this frame.
    const mark = reassembled || !current ? null : markOf(current);
    return new StreamSummarizer({ firstFrame: frame, interface: nameOf(flow.interface), mark });
  }, problems);
  const { spool, announced, rtcp, icmp } = index;
  const kept = { sip: spool, rtcp, icmp };
  spool.begin(file);
  const room = (kind: keyof typeof kept) => Math.max(0, limits[kind] - kept[kind].length);
  const content = new CaptureContent({ ...place, addresses: new Set() }, problems, finder, {
    limits: { sip: room('sip'), rtcp: room('rtcp'), icmp: room('icmp') },
    interfaceName: nameOf,
    keep: (message) => {
      announced.add(message);
      spool.add(message);
    },
  });
  const decoder = new PacketDecoder(problems, (datagram) => content.add(datagram));
  const { frames, problems: fileProblems } = await readCapture(path, (frame) => {
    current = frame;
    decoder.decode(frame, frame.wallMs - index.startWallMs);
  });
  decoder.finish();
  content.finish();
  for (const error of content.icmp) icmp.push(error);
  for (const report of content.rtcp.reports) rtcp.push(report);
  index.captures.push({ ...place, path, frames, problems: [...fileProblems, ...problems.texts()] });
  return finder;
}

const markOf = ({ position, number, section }: CapturedFrame): CaptureMark => ({
  position,
  frame: number,
  section,
});
