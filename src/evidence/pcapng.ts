import { LONGEST_FRAME, type CaptureSection, type FrameShower } from './captured-frame.js';
import type { CaptureWindow } from './capture-window.js';
import { interfaceOf } from './pcapng-interface.js';
import type { Tally } from './tally.js';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const PACKET = 6;
const SECRETS = 10;
/** A block that is looked into is no longer than a frame and as many bytes of options; longer ones are skipped. */
const LONGEST_BLOCK = 2 * LONGEST_FRAME;
/** What is kept of a file that describes ever more interfaces. */
const MOST_INTERFACES = 4096;
/** Length of block types that are looked into, at least: head, fixed part and trailer. */
const SHORTEST = new Map([
  [SECTION_HEADER, 28],
  [INTERFACE, 20],
  [OLD_PACKET, 32],
  [SIMPLE_PACKET, 16],
  [PACKET, 32],
]);

export const isPcapng = (head: Buffer) => head.readUInt32BE(0) === SECTION_HEADER;

/**
 * Reads the blocks of a pcapng file (draft-ietf-opsawg-pcapng) up to the end, of which it returns what is wrong with it,
 * null if nothing. `section` is what is known at the window's place; with no interfaces, a section header must follow.
 */
export async function readPcapng(
  window: CaptureWindow,
  section: CaptureSection,
  frames: FrameShower,
  problems: Tally,
): Promise<string | null> {
  const { bytes } = window;
  let now = section;
  while (await window.want(12)) {
    const { at } = window;
    const isHeader = bytes.readUInt32BE(at) === SECTION_HEADER;
    if (isHeader) {
      const littleEndian = byteOrder(bytes, at + 8);
      if (littleEndian === null) return afterFrame('a section without a byte order', frames);
      now = { format: 'pcapng', littleEndian, interfaces: [] };
    }
    const type = isHeader ? SECTION_HEADER : word(bytes, at, now);
    const length = word(bytes, at + 4, now);
    if (length < 12 || length % 4 !== 0)
      return afterFrame(`a block of ${length} bytes, which can't be`, frames);
    if (type === SECRETS) problems.note('block of keys, which are not used', frames.count + 1);
    const shortest = SHORTEST.get(type);
    if (shortest === undefined || length > LONGEST_BLOCK) {
      if (!(await window.skip(length))) return cutOff(frames);
      if (shortest !== undefined) problems.note('block that is too long, left out', frames.count + 1);
      continue;
    }
    if (length < shortest) return afterFrame(`a block of ${length} bytes, which can't be`, frames);
    if (!(await window.want(length))) return cutOff(frames);
    if (word(bytes, window.at + length - 4, now) !== length)
      return afterFrame('a block whose two lengths differ', frames);
    const { at: begin, place } = window;
    window.at += length;
    if (type === INTERFACE) addInterface(bytes, begin, begin + length - 4, now, frames, problems);
    else if (
      type !== SECTION_HEADER &&
      !showPacket(window, type, begin, length, place, now, frames, problems)
    )
      return null;
  }
  return window.has(1) ? cutOff(frames) : null;
}

function addInterface(
  bytes: Buffer,
  at: number,
  end: number,
  section: CaptureSection,
  frames: FrameShower,
  problems: Tally,
): void {
  if (section.interfaces.length < MOST_INTERFACES)
    section.interfaces.push(interfaceOf(bytes, at, end, section.littleEndian));
  else problems.note('interface beyond the number that is read', frames.count + 1);
}

/** Returns whether more is wanted. */
function showPacket(
  { bytes }: CaptureWindow,
  type: number,
  at: number,
  length: number,
  place: number,
  section: CaptureSection,
  frames: FrameShower,
  problems: Tally,
): boolean {
  const simple = type === SIMPLE_PACKET;
  const index = simple ? 0 : type === PACKET ? word(bytes, at + 8, section) : half(bytes, at + 8, section);
  const known = section.interfaces[index];
  if (!known) {
    frames.count++;
    problems.note('frame of an interface that is not described', frames.count);
    return true;
  }
  const start = at + (simple ? 12 : 28);
  const room = at + length - 4 - start;
  const original = word(bytes, at + (simple ? 8 : 24), section);
  const snapLength = known.snapLength || LONGEST_FRAME;
  const claimed = simple ? Math.min(original, snapLength, room) : word(bytes, at + 20, section);
  if (claimed > room) problems.note('frame that claims more bytes than its block has', frames.count + 1);
  if (simple) problems.note('frame without a time, given that of the one before', frames.count + 1);
  const captured = Math.min(claimed, room);
  // A double holds neither all bits of the stamp nor the result; both are good to a quarter of a microsecond.
  const stamp = simple ? 0 : word(bytes, at + 12, section) * 4294967296 + word(bytes, at + 16, section);
  const wallMs = simple ? frames.lastMs : stamp / known.unitsPerMs + known.offsetMs;
  return frames.show(section, index, place, start, start + captured, wallMs, original);
}

function byteOrder(bytes: Buffer, at: number): boolean | null {
  const magic = bytes.readUInt32BE(at);
  return magic === 0x1a2b3c4d ? false : magic === 0x4d3c2b1a ? true : null;
}

const word = (bytes: Buffer, at: number, { littleEndian }: CaptureSection) =>
  littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
const half = (bytes: Buffer, at: number, { littleEndian }: CaptureSection) =>
  littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
const afterFrame = (what: string, { count }: FrameShower) =>
  `has ${what}, after frame ${count}: nothing after it was read`;
const cutOff = ({ count }: FrameShower) => `is cut off after frame ${count}`;
