import { decode, type Law } from './g711.js';
import { G722Decoder } from './g722.js';
import { readOpusPacket } from './opus-packet.js';
import { OpusStreamDecoder } from './opus.js';
import type { RateHz } from './source.js';

/** Codecs that are played, by their names in SDP (upper case). */
export type Codec = Law | 'G722' | 'OPUS';

/** Bytes of payload a millisecond, of G.711 and of G.722 at 64 kbit/s. */
const BYTES_PER_MS = 8;

/** How many ms of audio are in a packet's payload; 0 if it can't be decoded. */
export function payloadMs(codec: Codec, payload: Uint8Array): number {
  if (codec !== 'OPUS') return payload.length / BYTES_PER_MS;
  const packet = readOpusPacket(payload);
  return packet ? packet.frames * packet.frameMs : 0;
}

/** Why audio of these is not heard. Of any other name nothing is known. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  G729: 'G.729 is recognised, but no well-kept package decodes it',
  G723: 'G.723.1 is recognised, but no well-kept package decodes it',
  GSM: 'GSM full rate is recognised, but there is no decoder for it here',
  ILBC: 'iLBC is recognised, but there is no decoder for it here',
  SPEEX: 'Speex is recognised, but there is no decoder for it here',
};

/** The codec of this SDP name, null if it isn't played. */
export function playedCodec(name: string): Codec | null {
  const upper = name.toUpperCase();
  return upper === 'PCMU' || upper === 'PCMA' || upper === 'G722' || upper === 'OPUS' ? upper : null;
}

/** In words, for a codec that `playedCodec` doesn't know. */
export function whyNotPlayed(name: string): string {
  return NOT_PLAYED[name.toUpperCase()] ?? `the codec ${name} is not known`;
}

/** Decodes one stream, in the order in which its packets are played. */
export interface Decoder {
  /** Payload → 16-bit samples at the decoder's rate. */
  decode(payload: Uint8Array): Int16Array;
  /** What the codec itself plays for up to `mostMs` that never came, at most so long; only where it has means of its own. */
  conceal?(mostMs: number): Int16Array;
}

/**
 * Starts decoding a stream. G.711 is narrowband only, so there `rateHz` must be 8000; G.722 gives its lower half there.
 * @throws RangeError for G.711 at 16 kHz
 */
export function startDecoder(codec: Exclude<Codec, 'OPUS'>, rateHz: RateHz): Decoder {
  if (codec === 'G722') {
    const decoder = new G722Decoder();
    return {
      decode: (payload) => (rateHz === 8000 ? decoder.decodeNarrow(payload) : decoder.decode(payload)),
    };
  }
  if (rateHz !== 8000) throw new RangeError(`${codec} has 8000 samples a second, not ${rateHz}`);
  return { decode: (payload) => decode(codec, payload) };
}

/** The same for Opus, whose decoder takes a moment to get ready. */
export const startOpusDecoder = (rateHz: RateHz): Promise<Decoder> => OpusStreamDecoder.start(rateHz);
