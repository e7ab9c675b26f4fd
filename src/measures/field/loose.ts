import type { Endpoint } from '../../evidence/types.js';
import { playedStream, withoutPackets } from './call-streams.js';
import type { Surroundings } from './call.js';
import { groupedBy } from './grouping.js';
import type { Listened, Listening } from './listening.js';
import { listeningTime } from './listening-time.js';
import { payloadNames } from './payloads.js';
import { sliceStream } from './slice.js';
import type { FieldStream, ReadGroup } from './source.js';
import type { LooseMedia } from './types.js';

const textOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** RTP without a call: what went between two addresses, both ways together. */
export function pairsOf(streams: readonly FieldStream[]): FieldStream[][] {
  return [...groupedBy(streams, ({ src, dst }) => [textOf(src), textOf(dst)].sort().join(' ')).values()];
}

/** What of such a pair is to be listened to. The one that was first seen sending stands for the caller. */
export function openLoose(
  pair: readonly FieldStream[],
  read: ReadGroup['streams'],
  { points, roundTrips }: Surroundings,
): Omit<Listening, 'keepsAudio' | 'bufferMs'> {
  const names = payloadNames([]);
  const first = textOf(pair[0]!.src);
  const streams = pair.flatMap((stream) => {
    const packets = sliceStream(read.get(stream.key)!, -Infinity, Infinity);
    if (!packets) return [];
    const towards = textOf(stream.src) === first ? ('callee' as const) : ('caller' as const);
    const told = { towards, hop: 0, by: 'symmetric' as const, encryption: null };
    return playedStream(packets, { ...told, roundTripMs: roundTrips(stream) }, names);
  });
  const firstMs = Math.min(...streams.map(({ firstAt }) => firstAt));
  const time = listeningTime(firstMs, null, Math.max(...streams.map(({ lastAt }) => lastAt)));
  return {
    streams,
    points,
    names,
    ...time,
    keys: null,
    infoDigits: { caller: [], callee: [] },
    earlyUntilMs: null,
  };
}

export const closeLoose = ({ streams, ears }: Listened): LooseMedia => ({
  streams: streams.map(withoutPackets),
  ears,
  recording: null,
});
