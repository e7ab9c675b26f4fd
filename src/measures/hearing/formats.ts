import { playedCodec, whyNotPlayed, type Codec } from '../../audio/codecs.js';
import { STATIC_PAYLOADS } from '../../evidence/codecs.js';
import type { RtpStream } from '../../evidence/types.js';

/** What SDP said of dynamic payload types: name of the codec and RTP clock. Static types need no entry. */
export type Payloads = ReadonlyMap<number, { codec: string; clockHz: number }>;

export const NO_PAYLOADS: Payloads = new Map();

/** What a receiver does with a payload type. */
export type Format =
  | { kind: 'audio'; codec: Codec }
  /** RFC 3389. */
  | { kind: 'noise' }
  /** RFC 4733, or RFC 2198 and the like: counts in the sequence, is not played. */
  | { kind: 'silent' }
  | { kind: 'undecoded'; codec: string; reason: string };

const SILENT = new Set(['TELEPHONE-EVENT', 'TONE']);

/** What to do with packets of payload type `type`. */
export function formatOf(type: number, payloads: Payloads): Format {
  const name = (payloads.get(type) ?? STATIC_PAYLOADS.get(type))?.codec.toUpperCase();
  if (name === undefined)
    return { kind: 'undecoded', codec: `type ${type}`, reason: `no SDP told what payload type ${type} is` };
  const codec = playedCodec(name);
  if (codec) return { kind: 'audio', codec };
  if (name === 'CN') return { kind: 'noise' };
  return SILENT.has(name) ? { kind: 'silent' } : unknown(name);
}

const unknown = (codec: string): Format => ({ kind: 'undecoded', codec, reason: whyNotPlayed(codec) });

/** Ticks of a stream's RTP timestamps in a millisecond: by its first packet that has a known clock, or 8. */
export function ticksPerMs(stream: Pick<RtpStream, 'payloadType'>, payloads: Payloads): number {
  for (const type of new Set(stream.payloadType)) {
    const clockHz = (payloads.get(type) ?? STATIC_PAYLOADS.get(type))?.clockHz;
    if (clockHz !== undefined && clockHz > 0) return clockHz / 1000;
  }
  return 8;
}

/** The rate at which these streams can be heard: 16 kHz if all their audio is wideband (G.722, Opus). */
export function rateOf(streams: readonly RtpStream[], payloads: Payloads = NO_PAYLOADS): 8000 | 16_000 {
  const types = new Set(streams.flatMap((stream) => [...new Set(stream.payloadType)]));
  const codecs = [...types]
    .map((type) => formatOf(type, payloads))
    .filter((format) => format.kind === 'audio')
    .map(({ codec }) => codec);
  const isWide = (codec: Codec): boolean => codec === 'G722' || codec === 'OPUS';
  return codecs.length > 0 && codecs.every(isWide) ? 16_000 : 8000;
}
