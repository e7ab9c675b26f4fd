import { parse } from 'sdp-transform';
import { STATIC_PAYLOADS } from './codecs.js';
import { canonicalAddress } from './datagram.js';
import type { MediaEncryption, SdpAudio } from './types.js';

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** The first audio line of an SDP (RFC 8866), or null if there's none that can be understood. */
export function parseSdpAudio(text: string): SdpAudio | null {
  let session;
  try {
    session = parse(text);
  } catch {
    return null;
  }
  const audio = session.media.find(({ type }) => type === 'audio');
  // The library leaves digits that aren't a plain number (`007`) as text.
  const port = Number(audio?.port);
  const address = audio?.connection?.ip ?? session.connection?.ip;
  if (!audio || !(port <= 65535) || address === undefined) return null;
  const direction = audio.direction ?? session.direction;
  const ptimeMs = Number(audio.ptime);
  const isPlain = /^(RTP\/AVPF?|)$/i.test(String(audio.protocol ?? ''));
  const encryption: MediaEncryption | null = audio.crypto?.length
    ? 'sdes'
    : (audio.fingerprint ?? session.fingerprint)
      ? 'dtls'
      : isPlain
        ? null
        : 'other';
  return {
    // A multicast address has a suffix for its time to live.
    address: canonicalAddress(String(address).replace(/\/.*$/, '')),
    port,
    direction: DIRECTIONS.find((known) => known === direction) ?? 'sendrecv',
    payloads: payloadsOf(String(audio.payloads ?? ''), audio.rtp),
    ptimeMs: ptimeMs > 0 ? ptimeMs : null,
    ...(encryption && { encryption }),
  };
}

function payloadsOf(
  list: string,
  maps: { payload: number; codec: string; rate?: number }[],
): SdpAudio['payloads'] {
  return list
    .split(' ')
    .filter((type) => /^\d{1,3}$/.test(type) && Number(type) < 128)
    .map((type) => {
      const map = maps.find(({ payload }) => payload === Number(type));
      const fixed = STATIC_PAYLOADS.get(Number(type));
      const rate = Number(map?.rate);
      return {
        type: Number(type),
        codec: map ? String(map.codec) : (fixed?.codec ?? 'unknown'),
        clockHz: rate > 0 ? rate : (fixed?.clockHz ?? 8000),
      };
    });
}
