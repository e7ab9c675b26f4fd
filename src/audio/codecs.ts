import { decode, type Law } from './g711.js';
import { G722Decoder } from './g722.js';
import type { RateHz } from './source.js';

/** Codecs that are played, by their names in SDP (upper case). All have one byte per 1/8 ms. */
export type Codec = Law | 'G722';

/** Bytes of payload a millisecond, of each `Codec`. */
export const BYTES_PER_MS = 8;

/** Why audio of these is not heard. Of any other name nothing is known. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  OPUS: 'Opus is recognised, but there is no decoder for it here',
  G729: 'G.729 is recognised, but no well-kept package decodes it',
  G723: 'G.723.1 is recognised, but no well-kept package decodes it',
  GSM: 'GSM full rate is recognised, but there is no decoder for it here',
  ILBC: 'iLBC is recognised, but there is no decoder for it here',
  SPEEX: 'Speex is recognised, but there is no decoder for it here',
};

/** The codec of this SDP name, null if it isn't played. */
export function playedCodec(name: string): Codec | null {
  const upper = name.toUpperCase();
  return upper === 'PCMU' || upper === 'PCMA' || upper === 'G722' ? upper : null;
}

/** In words, for a codec that `playedCodec` doesn't know. */
export function whyNotPlayed(name: string): string {
  return NOT_PLAYED[name.toUpperCase()] ?? `the codec ${name} is not known`;
}

/**
 * Bytes → 16-bit samples at `rateHz`; of one stream, in the order in which they are played. The samples may be gone with the
 * next packet: copy what is to be kept.
 */
export type Decoder = (bytes: Uint8Array) => Int16Array;

/**
 * Starts decoding a stream. G.711 is narrowband only, so there `rateHz` must be 8000; G.722 gives its lower half there.
 * @throws RangeError for G.711 at 16 kHz
 */
export function startDecoder(codec: Codec, rateHz: RateHz): Decoder {
  if (codec === 'G722') {
    const decoder = new G722Decoder();
    return rateHz === 8000 ? (bytes) => decoder.decodeNarrow(bytes) : (bytes) => decoder.decode(bytes);
  }
  if (rateHz !== 8000) throw new RangeError(`${codec} has 8000 samples a second, not ${rateHz}`);
  let out = new Int16Array(0);
  return (bytes) => {
    if (out.length !== bytes.length) out = new Int16Array(bytes.length);
    return decode(codec, bytes, out);
  };
}
