import type { RtpStream } from '../../evidence/types.js';

/** The packets of a stream that were seen in [fromMs, toMs); null if there are none. The bytes are shared, not copied. */
export function sliceStream(stream: RtpStream, fromMs: number, toMs: number): RtpStream | null {
  const { atMs } = stream;
  let from = 0;
  while (from < atMs.length && atMs[from]! < fromMs) from++;
  let to = atMs.length;
  while (to > from && atMs[to - 1]! >= toMs) to--;
  if (to === from) return null;
  if (from === 0 && to === atMs.length) return stream;
  return {
    ...stream,
    atMs: atMs.subarray(from, to),
    frame: stream.frame.subarray(from, to),
    sequence: stream.sequence.subarray(from, to),
    timestamp: stream.timestamp.subarray(from, to),
    payloadType: stream.payloadType.subarray(from, to),
    marker: stream.marker.subarray(from, to),
    payload: stream.payload.slice(from, to),
  };
}
