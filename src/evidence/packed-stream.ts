import type { RtpStream } from './types.js';

/** A stream with its payloads in one piece: a view of each, for millions of packets, would take more than what they hold. */
export interface PackedStream extends Omit<RtpStream, 'payload'> {
  payloads: Uint8Array;
  /** Where each payload ends in `payloads`, and the next one begins. */
  payloadEnd: Uint32Array;
}

/** The same with a view of each payload. */
export function unpacked({ payloads, payloadEnd, ...stream }: PackedStream): RtpStream {
  return { ...stream, payload: payloadViews(payloads, payloadEnd) };
}

/** Views of what ends at these places. */
export const payloadViews = (payloads: Uint8Array, ends: Uint32Array): Uint8Array[] =>
  Array.from(ends, (end, row) => payloads.subarray(row === 0 ? 0 : ends[row - 1]!, end));
