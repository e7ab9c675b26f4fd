import { LONGEST_FRAME, type CaptureSection, type FrameShower } from './captured-frame.js';
import type { CaptureWindow } from './capture-window.js';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

/** What the file header of a classic pcap says, or what is wrong with it. */
export function classicFormat(header: Buffer): CaptureSection | string {
  const big = header.readUInt32BE(0);
  const little = header.readUInt32LE(0);
  const littleEndian = little === MICROSECONDS || little === NANOSECONDS;
  if (!littleEndian && big !== MICROSECONDS && big !== NANOSECONDS)
    return `is not a capture: it begins with ${header.toString('hex', 0, 4)}`;
  if (header.length < FILE_HEADER) return 'is cut off inside its file header';
  const word = (at: number) => (littleEndian ? header.readUInt32LE(at) : header.readUInt32BE(at));
  const unitsPerMs = word(0) === NANOSECONDS ? 1e6 : 1e3;
  // The upper half of the word holds flags about frame check sequences.
  const linkType = word(20) & 0xffff;
  const one = { linkType, name: '', snapLength: word(16), unitsPerMs, offsetMs: 0 };
  return { format: 'pcap', littleEndian, interfaces: [one] };
}

/** Reads records up to the end, of which it returns what is wrong with it, null if nothing. */
export async function readClassic(
  window: CaptureWindow,
  section: CaptureSection,
  frames: FrameShower,
): Promise<string | null> {
  const { bytes } = window;
  const { littleEndian } = section;
  const { unitsPerMs } = section.interfaces[0]!;
  // In bounds, always: the methods of Buffer, which check that, cost more than the rest of the loop.
  const word = (at: number) =>
    (littleEndian
      ? bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      : (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  for (;;) {
    if (!(await window.want(RECORD_HEADER))) break;
    while (window.has(RECORD_HEADER)) {
      const { at, place } = window;
      const length = word(at + 8);
      if (length > LONGEST_FRAME)
        return `frame ${frames.count + 1} claims ${length} bytes, which can't be: nothing after it was read`;
      const start = at + RECORD_HEADER;
      if (start + length > window.end) {
        if (!(await window.want(RECORD_HEADER + length))) return cutOff(frames);
        continue;
      }
      window.at = start + length;
      const wallMs = word(at) * 1000 + word(at + 4) / unitsPerMs;
      if (!frames.show(section, 0, place, start, window.at, wallMs, word(at + 12))) return null;
    }
  }
  return window.has(1) ? cutOff(frames) : null;
}

const cutOff = (frames: FrameShower) => `is cut off inside frame ${frames.count + 1}`;
