import type { RtpStream } from '../../evidence/types.js';

/**
 * A copy of the packets of a stream that were seen in [fromMs, toMs); null if there are none. It stays when the captures are
 * read on. All of its payloads are in one buffer, which holds nothing else.
 */
export function sliceStream(stream: RtpStream, fromMs: number, toMs: number): RtpStream | null {
  const { atMs } = stream;
  let from = 0;
  while (from < atMs.length && atMs[from]! < fromMs) from++;
  let to = atMs.length;
  while (to > from && atMs[to - 1]! >= toMs) to--;
  if (to === from) return null;
  const payload = stream.payload.slice(from, to);
  const bytes = new Uint8Array(payload.reduce((sum, { length }) => sum + length, 0));
  let used = 0;
  return {
    ...stream,
    atMs: atMs.slice(from, to),
    frame: stream.frame.slice(from, to),
    sequence: stream.sequence.slice(from, to),
    timestamp: stream.timestamp.slice(from, to),
    payloadType: stream.payloadType.slice(from, to),
    marker: stream.marker.slice(from, to),
    payload: payload.map((one) => {
      bytes.set(one, used);
      return bytes.subarray(used, (used += one.length));
    }),
  };
}
