/** What the table of contents of an Opus packet says (RFC 6716 §3.1). */
export interface OpusPacket {
  frames: number;
  /** Of each frame: 2.5, 5, 10, 20, 40 or 60. */
  frameMs: number;
}

/** Longest packet (RFC 6716 §3.4, R5), and longest frame in bytes (R2, R3). */
const LONGEST_MS = 120;
const LONGEST_FRAME = 1275;

const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];

/** Milliseconds of a frame with this first byte. */
function frameMsOf(toc: number): number {
  const config = toc >> 3;
  if (config < 12) return SILK_MS[config & 3]!;
  return config < 16 ? HYBRID_MS[config & 1]! : CELT_MS[config & 3]!;
}

/** Reads how an Opus packet is made up; null if it breaks one of the rules R1–R7 of RFC 6716 §3.4. */
export function readOpusPacket(bytes: Uint8Array): OpusPacket | null {
  const [toc] = bytes;
  if (toc === undefined) return null;
  const frameMs = frameMsOf(toc);
  const length = bytes.length - 1;
  const packet = (frames: number, fits: boolean): OpusPacket | null => (fits ? { frames, frameMs } : null);
  switch (toc & 3) {
    case 0:
      return packet(1, length <= LONGEST_FRAME);
    case 1:
      return packet(2, length % 2 === 0 && length / 2 <= LONGEST_FRAME);
    case 2: {
      const first = lengthAt(bytes, 1);
      const rest = first && bytes.length - first.next - first.length;
      return packet(2, rest !== null && rest >= 0 && rest <= LONGEST_FRAME);
    }
    default: {
      const frames = (bytes[1] ?? 0) & 63;
      return packet(frames, frames > 0 && frames * frameMs <= LONGEST_MS && framesFit(bytes, frames));
    }
  }
}

/** A frame's length as RFC 6716 §3.2.1 writes it, and where what follows begins; null if it isn't all there. */
function lengthAt(bytes: Uint8Array, at: number): { length: number; next: number } | null {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined) return null;
  if (first < 252) return { length: first, next: at + 1 };
  return second === undefined ? null : { length: first + 4 * second, next: at + 2 };
}

/** Whether the frames of a packet of code 3 (RFC 6716 §3.2.5) lie within it. */
function framesFit(bytes: Uint8Array, frames: number): boolean {
  const counts = bytes[1]!;
  let at = 2;
  let end = bytes.length;
  if (counts & 0x40) {
    // 255 stands for 254 bytes of padding and another length.
    let value;
    do {
      value = bytes[at++];
      if (value === undefined) return false;
      end -= value === 255 ? 254 : value;
    } while (value === 255);
  }
  if (!(counts & 0x80)) return end >= at && (end - at) % frames === 0 && (end - at) / frames <= LONGEST_FRAME;
  // What the frames but the last take, and the last is the rest.
  let taken = 0;
  for (let i = 1; i < frames; i++) {
    const frame = lengthAt(bytes, at);
    if (!frame) return false;
    taken += frame.length;
    at = frame.next;
  }
  const last = end - at - taken;
  return last >= 0 && last <= LONGEST_FRAME;
}
