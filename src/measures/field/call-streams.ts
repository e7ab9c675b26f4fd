import { rtpStatistics } from '../../evidence/rtp-statistics.js';
import type { PackedStream } from '../../evidence/packed-stream.js';
import { packetHoles } from './holes.js';
import { audioType, eventTypes, type PayloadNames } from './payloads.js';
import type { CallStream, PlayedStream } from './types.js';

/** Works out the figures of a stream (RFC 3550, at its capture point), its holes and the digits in it. */
export function playedStream(
  stream: PackedStream,
  told: Pick<CallStream, 'towards' | 'hop' | 'by' | 'encryption' | 'roundTripMs'>,
  names: PayloadNames,
): PlayedStream {
  const { file, src, dst, ssrc, atMs, frame } = stream;
  const type = audioType(stream, names);
  const audio = type === null ? undefined : names.get(type);
  const events = eventTypes(names);
  return {
    stream,
    file,
    src,
    dst,
    ssrc,
    firstAt: atMs[0]!,
    lastAt: atMs.at(-1)!,
    frames: [frame[0]!, frame.at(-1)!],
    ...told,
    codec: audio?.codec ?? null,
    figures: rtpStatistics(stream, { ...(audio && { clockHz: audio.clockHz }), eventTypes: events }),
    holes: packetHoles(stream),
  };
}

/** What stays when its packets are let go. */
export function withoutPackets({ stream: _, ...rest }: PlayedStream): CallStream {
  return rest;
}
