import { basename } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import { CaptureContent, type ContentLimits } from './capture-content.js';
import type { CapturedFrame, CaptureMark } from './captured-frame.js';
import { readCapture } from './capture.js';
import { interfaceName } from './interface-name.js';
import { MediaFormats } from './media-formats.js';
import { PacketDecoder } from './packet.js';
import { announcedBy, RtpFinder, type RtpFlow } from './rtp.js';
import type { RtcpReport } from './rtcp.js';
import { SlimSip } from './slim-sip.js';
import { StreamSummarizer, type StreamSummary } from './stream-index.js';
import { Tally } from './tally.js';
import type { Evidence, SipMessage } from './types.js';

/** A stream of an index. Its packets are to be had by readStreams and playStreams. */
export interface IndexedStream extends StreamSummary {
  /** Of `captures` in the index. */
  capture: number;
  flow: RtpFlow;
}

/**
 * All that captures hold but for the packets of streams: in memory that doesn't grow with the captures. Times `atMs` are
 * in ms from the beginning of the earliest capture, whose wall clock is `startWallMs` (since 1970).
 */
export interface CaptureIndex {
  startWallMs: number;
  captures: (Evidence['captures'][number] & { path: string })[];
  sip: SipMessage[];
  icmp: Evidence['icmp'];
  rtcp: RtcpReport[];
  streams: IndexedStream[];
}

/** Some 80 MB if all of it is there: a SIP message takes 2.7 kB, most of it headers. */
const LIMITS: ContentLimits = { sip: 20_000, rtcp: 30_000, icmp: 10_000 };

/**
 * Reads captures from anywhere, once: SIP (see SlimSip), ICMP errors and RTCP are kept (up to a number; what is beyond is told), RTP
 * streams are summed up. Nobody is known to have sent anything (`sent` is false), and a point is named by its file.
 * What is damaged is told in `captures`; throws CAPTURE_UNREADABLE for a file that is missing or no capture at all.
 */
export async function indexCaptures(
  paths: readonly string[],
  limits: ContentLimits = LIMITS,
): Promise<CaptureIndex> {
  const index: CaptureIndex = { startWallMs: 0, captures: [], sip: [], icmp: [], rtcp: [], streams: [] };
  const starts = [];
  for (const path of paths) starts.push(await startOf(path));
  index.startWallMs = Math.min(...starts.filter((start) => start !== null), Infinity);
  if (index.startWallMs === Infinity) index.startWallMs = 0;
  const finders = [];
  for (const path of paths) finders.push(await indexOne(path, index, limits));
  index.sip.sort((a, b) => a.seen.atMs - b.seen.atMs);
  index.icmp.sort((a, b) => a.seen.atMs - b.seen.atMs);
  const announced = announcedBy(index.sip);
  for (const [capture, finder] of finders.entries())
    for (const { flow, consumer } of finder.finish(announced))
      index.streams.push({ capture, flow, ...consumer.summary() });
  return index;
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
  index: CaptureIndex,
  limits: ContentLimits,
): Promise<RtpFinder<StreamSummarizer>> {
  const problems = new Tally();
  const formats = new MediaFormats();
  const slimmer = new SlimSip();
  const file = basename(path);
  const place = { file, node: file, interface: '' };
  let current: CapturedFrame | null = null;
  const nameOf = (which: number) => (current ? interfaceName(current, which) : '');
  const finder = new RtpFinder((flow, { reassembled }, { frame, payloadType }) => {
    // What a datagram was put together from came before this frame.
    const mark = reassembled || !current ? null : markOf(current);
    const origin = { firstFrame: frame, interface: nameOf(flow.interface), mark };
    return new StreamSummarizer(flow, origin, payloadType, (which, type) => formats.formatOf(which, type));
  }, problems);
  const room = (kind: 'sip' | 'rtcp' | 'icmp') => Math.max(0, limits[kind] - index[kind].length);
  const content = new CaptureContent({ ...place, addresses: new Set() }, problems, finder, {
    limits: { sip: room('sip'), rtcp: room('rtcp'), icmp: room('icmp') },
    interfaceName: nameOf,
    heard: (message) => formats.learn(message),
    kept: (message) => slimmer.slim(message),
  });
  const decoder = new PacketDecoder(problems, (datagram) => content.add(datagram));
  const { frames, problems: fileProblems } = await readCapture(path, (frame) => {
    current = frame;
    decoder.decode(frame, frame.wallMs - index.startWallMs);
  });
  decoder.finish();
  content.finish();
  for (const message of content.sip) index.sip.push(message);
  for (const error of content.icmp) index.icmp.push(error);
  for (const report of content.rtcp.reports) index.rtcp.push(report);
  index.captures.push({ ...place, path, frames, problems: [...fileProblems, ...problems.texts()] });
  return finder;
}

const markOf = ({ position, number, section }: CapturedFrame): CaptureMark => ({
  position,
  frame: number,
  section,
});
