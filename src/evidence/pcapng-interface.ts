import type { CaptureInterface } from './captured-frame.js';

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
/** Names are for people: what is longer is cut. */
const LONGEST_NAME = 64;

/** An Interface Description Block, its type at bytes[at] and its trailer at bytes[end]. */
export function interfaceOf(bytes: Buffer, at: number, end: number, littleEndian: boolean): CaptureInterface {
  const half = (place: number) => (littleEndian ? bytes.readUInt16LE(place) : bytes.readUInt16BE(place));
  const found: CaptureInterface = {
    linkType: half(at + 8),
    name: '',
    snapLength: littleEndian ? bytes.readUInt32LE(at + 12) : bytes.readUInt32BE(at + 12),
    unitsPerMs: 1e3,
    offsetMs: 0,
  };
  for (let option = at + 16; option + 4 <= end;) {
    const code = half(option);
    const length = half(option + 2);
    const value = option + 4;
    if (code === 0 || value + length > end) break;
    if (code === IF_NAME) found.name = nameAt(bytes, value, length);
    if (code === IF_TSRESOL && length >= 1) found.unitsPerMs = unitsPerMs(bytes[value]!);
    if (code === IF_TSOFFSET && length >= 8)
      found.offsetMs =
        Number(littleEndian ? bytes.readBigInt64LE(value) : bytes.readBigInt64BE(value)) * 1000;
    option = value + Math.ceil(length / 4) * 4;
  }
  return found;
}

/** The highest bit tells whether the rest is a negative power of 2 or of 10, in seconds. */
function unitsPerMs(resolution: number): number {
  return (resolution & 0x80 ? 2 : 10) ** (resolution & 0x7f) / 1000;
}

function nameAt(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('utf8', at, at + Math.min(length, LONGEST_NAME)).replace(/\0.*$/s, '');
}
