import { STATIC_PAYLOADS } from '../../evidence/codecs.js';
import type { RtpStream } from '../../evidence/types.js';
import type { Announcement } from './types.js';

/** What SDP and RFC 3551 say of payload types: codec as in SDP, RTP clock in Hz. */
export type PayloadNames = ReadonlyMap<number, { codec: string; clockHz: number }>;

/** The payload types of one call, as its SDPs number them. */
export function payloadNames(announcements: readonly Pick<Announcement, 'sdp'>[]): PayloadNames {
  const named = announcements.flatMap(({ sdp }) =>
    sdp.payloads.map(({ type, codec, clockHz }) => [type, { codec, clockHz }] as const),
  );
  return new Map([...STATIC_PAYLOADS, ...named]);
}

/** Payload types of telephone events (RFC 4733). */
export function eventTypes(names: PayloadNames): ReadonlySet<number> {
  return new Set(
    [...names].filter(([, { codec }]) => /^telephone-event$/i.test(codec)).map(([type]) => type),
  );
}

/** The payload type of a stream that carries its audio: the most frequent one that is no event and no comfort noise. */
export function audioType(stream: RtpStream, names: PayloadNames): number | null {
  const counts = new Map<number, number>();
  for (const type of stream.payloadType) counts.set(type, (counts.get(type) ?? 0) + 1);
  const isAudio = ([type]: [number, number]) => !/^(telephone-event|CN)$/i.test(names.get(type)?.codec ?? '');
  return [...counts].filter(isAudio).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
