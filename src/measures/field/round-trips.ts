import type { RtcpReport } from '../../evidence/rtcp.js';
import type { Endpoint } from '../../evidence/types.js';

/** What identifies a stream at a capture, but for its ports: RTCP has others. */
interface Seen {
  file: string;
  src: Endpoint;
  dst: Endpoint;
  ssrc: number;
}

/** Round trips from a capture to the receiver of a stream and back: the median of what its RTCP tells, null for none. */
export type RoundTrips = (stream: Seen) => number | null;

const keyOf = (file: string, ssrc: number, from: Endpoint, to: Endpoint): string =>
  `${ssrc} ${from.address} ${to.address} ${file}`;

/** Sorts round trips by the stream that they were reported of. */
export function roundTripsOf(reports: readonly RtcpReport[]): RoundTrips {
  const known = new Map<string, number[]>();
  for (const { seen, src, dst, blocks } of reports)
    for (const { ssrc, roundTripMs } of blocks) {
      if (roundTripMs === null) continue;
      // Whoever reports receives the stream: its packets come the other way.
      const key = keyOf(seen.file, ssrc, dst, src);
      const before = known.get(key);
      if (before) before.push(roundTripMs);
      else known.set(key, [roundTripMs]);
    }
  return ({ file, ssrc, src, dst }) => {
    const trips = known.get(keyOf(file, ssrc, src, dst));
    return trips ? [...trips].sort((a, b) => a - b)[trips.length >> 1]! : null;
  };
}
