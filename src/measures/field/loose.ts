import type { Endpoint } from '../../evidence/types.js';
import { playedStream, withoutPackets } from './call-streams.js';
import { hearFieldEar } from './ears.js';
import { groupedBy } from './grouping.js';
import { listeningTime } from './listening-time.js';
import { payloadNames } from './payloads.js';
import type { CapturePoints } from './points.js';
import type { FieldStream, ReadGroup } from './source.js';
import type { BothAudio, LooseMedia, Party } from './types.js';

const textOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** RTP without a call: what went between two addresses, both ways together. */
export function pairsOf(streams: readonly FieldStream[]): FieldStream[][] {
  return [...groupedBy(streams, ({ src, dst }) => [textOf(src), textOf(dst)].sort().join(' ')).values()];
}

/** Listens to such a pair. The one that was first seen sending stands for the caller. */
export async function hearLoose(
  pair: readonly FieldStream[],
  read: ReadGroup['streams'],
  points: CapturePoints,
): Promise<{ media: LooseMedia; audio: BothAudio }> {
  const names = payloadNames([]);
  const first = textOf(pair[0]!.src);
  const streams = pair.map(({ key, src }) => {
    const towards = textOf(src) === first ? 'callee' : 'caller';
    return playedStream(read.get(key)!, { towards, hop: 0, by: 'symmetric' }, names);
  });
  const firstMs = Math.min(...streams.map(({ firstAt }) => firstAt));
  const time = listeningTime(firstMs, null, Math.max(...streams.map(({ lastAt }) => lastAt)));
  const hear = (party: Party) =>
    hearFieldEar({ party, streams, points, names, ...time, keys: null, infoDigits: [] });
  const [caller, callee] = [await hear('caller'), await hear('callee')];
  const ears = { caller: caller?.ear ?? null, callee: callee?.ear ?? null };
  return {
    media: { streams: streams.map(withoutPackets), ears, recording: null },
    audio: { caller: caller?.whole.audio ?? null, callee: callee?.whole.audio ?? null },
  };
}
