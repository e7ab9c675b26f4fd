import type { PackedStream } from '../../evidence/packed-stream.js';

/**
 * A copy of the packets of a stream that were seen in [fromMs, toMs); null if there are none. It stays when the captures are
 * read on. Its payloads have a buffer of their own, which holds nothing else.
 */
export function sliceStream(stream: PackedStream, fromMs: number, toMs: number): PackedStream | null {
  const { atMs, payloadEnd } = stream;
  let from = 0;
  while (from < atMs.length && atMs[from]! < fromMs) from++;
  let to = atMs.length;
  while (to > from && atMs[to - 1]! >= toMs) to--;
  if (to === from) return null;
  const firstByte = from === 0 ? 0 : payloadEnd[from - 1]!;
  return {
    ...stream,
    atMs: atMs.slice(from, to),
    frame: stream.frame.slice(from, to),
    sequence: stream.sequence.slice(from, to),
    timestamp: stream.timestamp.slice(from, to),
    payloadType: stream.payloadType.slice(from, to),
    marker: stream.marker.slice(from, to),
    payloads: stream.payloads.slice(firstByte, payloadEnd[to - 1]),
    payloadEnd: payloadEnd.slice(from, to).map((end) => end - firstByte),
  };
}
