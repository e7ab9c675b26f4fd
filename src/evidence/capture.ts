import { messageOf } from '../base/errors.js';
import { openFile, type ByteSource } from './byte-source.js';
import { CaptureWindow } from './capture-window.js';
import { FrameShower, type CaptureMark, type CaptureSection, type FrameVisitor } from './captured-frame.js';
import { classicFormat, readClassic } from './pcap.js';
import { isPcapng, readPcapng } from './pcapng.js';
import { Tally } from './tally.js';

export interface CaptureSummary {
  /** Null if it isn't a capture. */
  format: 'pcap' | 'pcapng' | null;
  frames: number;
  problems: string[];
}

/** What is well known and not read. */
const OTHER_KINDS: [magic: string, what: string][] = [
  ['1f8b', 'is compressed: unpack it with "gunzip" first'],
  ['28b52ffd', 'is compressed: unpack it with "zstd -d" first'],
  ['a1b2cd34', 'is a modified pcap, which is not read: convert it with "editcap -F pcapng"'],
  ['34cdb2a1', 'is a modified pcap, which is not read: convert it with "editcap -F pcapng"'],
  ['736e6f6f70', 'is a snoop capture, which is not read: convert it with "editcap -F pcapng"'],
];

/**
 * Reads a pcap (µs or ns) or pcapng file of either byte order and shows each frame to `visit`, from the beginning or a
 * mark. One buffer of fixed size is used, whatever the file says of itself. What can't be read ends up in `problems`:
 * never throws for the contents of a file, nor for a file that is missing.
 */
export async function readCapture(
  path: string,
  visit: FrameVisitor,
  from?: CaptureMark,
): Promise<CaptureSummary> {
  let source: ByteSource;
  try {
    source = await openFile(path);
  } catch (error) {
    return { format: null, frames: 0, problems: [`cannot be opened: ${messageOf(error)}`] };
  }
  try {
    return await readFrames(source, visit, from);
  } finally {
    await source.close();
  }
}

/** As readCapture, from any source of bytes, which stays open. */
export async function readFrames(
  source: ByteSource,
  visit: FrameVisitor,
  from?: CaptureMark,
): Promise<CaptureSummary> {
  const window = new CaptureWindow(source, from?.position);
  const problems = new Tally();
  const frames = new FrameShower(window, visit, (from?.frame ?? 1) - 1);
  let format = from?.section.format ?? null;
  let end: string | null;
  try {
    const section = from?.section ?? (await sectionOf(window));
    if (typeof section === 'string') return { format: null, frames: 0, problems: [section] };
    format = section.format;
    const read = format === 'pcap' ? readClassic : readPcapng;
    end = await read(window, section, frames, problems);
  } catch (error) {
    // The only thing in here that throws for another reason than a defect is the source.
    if (!isSystemError(error)) throw error;
    end = `cannot be read: ${messageOf(error)}`;
  }
  return {
    format,
    frames: frames.count,
    problems: end === null ? problems.texts() : [...problems.texts(), end],
  };
}

async function sectionOf(window: CaptureWindow): Promise<CaptureSection | string> {
  await window.want(24);
  const head = window.bytes.subarray(0, Math.min(window.end, 24));
  if (head.length === 0) return 'is empty';
  if (head.length < 4) return 'is not a capture: it has no file header';
  const hex = head.toString('hex');
  for (const [magic, what] of OTHER_KINDS) if (hex.startsWith(magic)) return what;
  // What follows in a pcapng file has no byte order yet: its section header tells.
  if (isPcapng(head)) return { format: 'pcapng', littleEndian: true, interfaces: [] };
  const format = classicFormat(head);
  if (typeof format !== 'string') window.at = 24;
  return format;
}

const isSystemError = (error: unknown) => error instanceof Error && 'syscall' in error;
