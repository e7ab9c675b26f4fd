import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../base/errors.js';

/** One captured frame. The object and its bytes are reused for the next: copy what is to be kept. */
export interface CapturedFrame {
  bytes: Buffer;
  /** The frame is bytes[start…end). */
  start: number;
  end: number;
  /** Counted from 1, as in tshark. */
  number: number;
  /** Milliseconds since 1970, good to a quarter of a microsecond. */
  wallMs: number;
  /** Bytes on the wire; more than end − start if the frame was cut by the snap length. */
  originalLength: number;
}

export interface CaptureSummary {
  frames: number;
  problems: string[];
}

/** tcpdump's and Wireshark's own limit. A longer frame is a damaged length field. */
const LONGEST_FRAME = 262144;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const CHUNK = 4 * LONGEST_FRAME;
const LINKTYPE_ETHERNET = 1;

/**
 * Reads a classic pcap file (µs or ns, either byte order, Ethernet) and shows each frame to `visit`. One buffer of
 * fixed size is used, whatever the file says of itself. What can't be read ends up in `problems`: never throws
 * for the contents of a file, nor for a file that is missing.
 */
export async function readCapture(
  path: string,
  visit: (frame: CapturedFrame) => void,
): Promise<CaptureSummary> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    return { frames: 0, problems: [`cannot be opened: ${messageOf(error)}`] };
  }
  try {
    return await readRecords(file, visit);
  } finally {
    await file.close();
  }
}

async function readRecords(file: FileHandle, visit: (frame: CapturedFrame) => void): Promise<CaptureSummary> {
  const bytes = Buffer.allocUnsafeSlow(CHUNK);
  let filled = await fill(file, bytes, 0);
  const format = fileFormat(bytes.subarray(0, Math.min(filled, FILE_HEADER)));
  if (typeof format === 'string') return { frames: 0, problems: [format] };
  const { littleEndian, fractionsPerMs } = format;
  const word = (at: number) => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const frame: CapturedFrame = { bytes, start: 0, end: 0, number: 0, wallMs: 0, originalLength: 0 };
  let at = FILE_HEADER;
  for (;;) {
    while (at + RECORD_HEADER <= filled) {
      const length = word(at + 8);
      if (length > LONGEST_FRAME) {
        const problem = `frame ${frame.number + 1} claims ${length} bytes, which can't be: nothing after it was read`;
        return { frames: frame.number, problems: [problem] };
      }
      if (at + RECORD_HEADER + length > filled) break;
      frame.number++;
      frame.start = at + RECORD_HEADER;
      frame.end = at = frame.start + length;
      frame.wallMs = word(frame.start - 16) * 1000 + word(frame.start - 12) / fractionsPerMs;
      frame.originalLength = word(frame.start - 4);
      visit(frame);
    }
    const rest = bytes.copy(bytes, 0, at, filled);
    filled = await fill(file, bytes, rest);
    at = 0;
    if (filled > rest) continue;
    const problems = rest > 0 ? [`is cut off inside frame ${frame.number + 1}`] : [];
    return { frames: frame.number, problems };
  }
}

/** Fills the buffer from `filled` on, as far as the file reaches; returns how far it's filled. */
async function fill(file: FileHandle, bytes: Buffer, filled: number): Promise<number> {
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function fileFormat(header: Buffer): { littleEndian: boolean; fractionsPerMs: number } | string {
  if (header.length === 0) return 'is empty';
  if (header.length < 4) return 'is not a capture: it has no file header';
  const magic = header.readUInt32BE(0);
  if (magic === 0x0a0d0d0a) return 'is pcapng, which is not read yet: convert it with "editcap -F pcap"';
  const swapped = header.readUInt32LE(0);
  const known = [0xa1b2c3d4, 0xa1b23c4d];
  const littleEndian = known.includes(swapped);
  if (!littleEndian && !known.includes(magic))
    return `is not a capture: it begins with ${header.toString('hex', 0, 4)}`;
  if (header.length < FILE_HEADER) return 'is cut off inside its file header';
  // The upper half of the word holds flags about frame check sequences.
  const linkType = (littleEndian ? header.readUInt32LE(20) : header.readUInt32BE(20)) & 0xffff;
  if (linkType !== LINKTYPE_ETHERNET) return `has link type ${linkType}; only Ethernet (1) is read`;
  const nanoseconds = (littleEndian ? swapped : magic) === 0xa1b23c4d;
  return { littleEndian, fractionsPerMs: nanoseconds ? 1e6 : 1e3 };
}
