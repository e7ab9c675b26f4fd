/** Names as in SDP: µ-law and A-law (ITU-T G.711). */
export type Law = 'PCMU' | 'PCMA';

/** Static RTP payload types of RFC 3551. */
export const PAYLOAD_TYPE: Readonly<Record<Law, number>> = { PCMU: 0, PCMA: 8 };

/** Added before the µ-law segment search (33 on the 14-bit scale, G.711 table 2a). */
const BIAS = 33;

function ulawToLinear(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = ((((inverted & 0x0f) << 1) + BIAS) << ((inverted >> 4) & 7)) - BIAS;
  return (inverted & 0x80 ? -magnitude : magnitude) * 4;
}

function linearToUlaw(sample: number): number {
  const value = sample >> 2;
  const biased = Math.min(Math.abs(value), 8158) + BIAS;
  const segment = 26 - Math.clz32(biased);
  return ((segment << 4) | ((biased >> (segment + 1)) & 0x0f)) ^ (value < 0 ? 0x7f : 0xff);
}

function alawToLinear(code: number): number {
  const inverted = code ^ 0x55;
  const segment = (inverted >> 4) & 7;
  const step = ((inverted & 0x0f) << 4) + (segment === 0 ? 8 : 0x108);
  const magnitude = step << Math.max(0, segment - 1);
  return inverted & 0x80 ? magnitude : -magnitude;
}

function linearToAlaw(sample: number): number {
  const value = sample >> 3;
  const magnitude = value < 0 ? -value - 1 : value;
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const mantissa = (magnitude >> Math.max(1, segment)) & 0x0f;
  return ((segment << 4) | mantissa) ^ (value < 0 ? 0x55 : 0xd5);
}

const DECODE: Readonly<Record<Law, Int16Array>> = {
  PCMU: Int16Array.from({ length: 256 }, (_, code) => ulawToLinear(code)),
  PCMA: Int16Array.from({ length: 256 }, (_, code) => alawToLinear(code)),
};

/** Indexed by the sample's 16 bits read as unsigned. */
const ENCODE: Readonly<Record<Law, Uint8Array>> = {
  PCMU: Uint8Array.from({ length: 65536 }, (_, bits) => linearToUlaw((bits << 16) >> 16)),
  PCMA: Uint8Array.from({ length: 65536 }, (_, bits) => linearToAlaw((bits << 16) >> 16)),
};

/** 16-bit linear samples → one byte each, into `out` (as long as `samples`). */
export function encode(law: Law, samples: Int16Array, out = new Uint8Array(samples.length)): Uint8Array {
  const table = ENCODE[law];
  for (let i = 0; i < samples.length; i++) out[i] = table[(samples[i] ?? 0) & 0xffff] ?? 0;
  return out;
}

/** One byte each → 16-bit linear samples, into `out` (as long as `bytes`). */
export function decode(law: Law, bytes: Uint8Array, out = new Int16Array(bytes.length)): Int16Array {
  const table = DECODE[law];
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i] ?? 0] ?? 0;
  return out;
}

/** One 16-bit linear sample → its µ-law byte. */
export function encodeMulaw(sample: number): number {
  return ENCODE.PCMU[sample & 0xffff] ?? 0;
}
