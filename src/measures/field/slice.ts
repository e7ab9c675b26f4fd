import type { PackedStream } from '../../evidence/packed-stream.js';
import { columnBytes } from '../../evidence/rtp-columns.js';

/**
 * A copy of the packets of a stream that were seen in [fromMs, toMs); null if there are none. It stays when the captures are
 * read on, and is all in one buffer, which holds nothing else: to be handed to another thread, and back.
 */
export function sliceStream(stream: PackedStream, fromMs: number, toMs: number): PackedStream | null {
  const { atMs, payloadEnd } = stream;
  let from = 0;
  while (from < atMs.length && atMs[from]! < fromMs) from++;
  let to = atMs.length;
  while (to > from && atMs[to - 1]! >= toMs) to--;
  if (to === from) return null;
  const firstByte = from === 0 ? 0 : payloadEnd[from - 1]!;
  const bytes = payloadEnd[to - 1]! - firstByte;
  const count = to - from;
  const room = new ArrayBuffer(columnBytes(count, bytes));
  let used = 0;
  const after = (length: number) => (used += length) - length;
  const copy = {
    ...stream,
    atMs: new Float64Array(room, after(8 * count), count),
    frame: new Uint32Array(room, after(4 * count), count),
    timestamp: new Uint32Array(room, after(4 * count), count),
    payloadEnd: new Uint32Array(room, after(4 * count), count),
    sequence: new Uint16Array(room, after(2 * count), count),
    payloadType: new Uint8Array(room, after(count), count),
    marker: new Uint8Array(room, after(count), count),
    payloads: new Uint8Array(room, after(bytes), bytes),
  };
  copy.atMs.set(atMs.subarray(from, to));
  copy.frame.set(stream.frame.subarray(from, to));
  copy.timestamp.set(stream.timestamp.subarray(from, to));
  copy.sequence.set(stream.sequence.subarray(from, to));
  copy.payloadType.set(stream.payloadType.subarray(from, to));
  copy.marker.set(stream.marker.subarray(from, to));
  copy.payloads.set(stream.payloads.subarray(firstByte, firstByte + bytes));
  for (let i = 0; i < count; i++) copy.payloadEnd[i] = payloadEnd[from + i]! - firstByte;
  return copy;
}
