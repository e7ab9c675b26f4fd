import { FULL_SCALE } from './source.js';

/** RFC 3551 §6. */
export const NOISE_PAYLOAD_TYPE = 13;

/** Most reflection coefficients that are used; RFC 3389 lets a sender have any number. */
const MOST_COEFFICIENTS = 24;

/** The level that an RFC 3389 payload asks for, in dBov (≤ 0); null for an empty one. */
export function noiseLevelDbov(payload: Uint8Array): number | null {
  return payload.length > 0 ? -(payload[0]! & 0x7f) : null;
}

/** A payload of RFC 3389 that asks for white noise of this level, −127…0 dBov. */
export function noisePayload(levelDbov: number): Uint8Array {
  return Uint8Array.of(Math.max(0, Math.min(127, Math.round(-levelDbov))));
}

/**
 * The noise of an RFC 3389 payload, `length` samples of it: white noise through the all-pole lattice of its reflection
 * coefficients (k = 258·(N − 127)/32768), scaled to its level; 0 dBov is the power of a full-scale square wave (§3).
 */
export function comfortNoise(payload: Uint8Array, length: number, seed: number): Int16Array {
  const out = new Int16Array(length);
  const level = noiseLevelDbov(payload);
  if (level === null || length === 0) return out;
  const reflection = Float64Array.from(payload.subarray(1, 1 + MOST_COEFFICIENTS), (n) => {
    return Math.max(-0.99, Math.min(0.99, (258 * (n - 127)) / 32768));
  });
  const shaped = shape(length, reflection, seed);
  const rms = Math.sqrt(shaped.reduce((sum, value) => sum + value * value, 0) / length);
  const gain = (FULL_SCALE * 10 ** (level / 20)) / Math.max(rms, 1e-9);
  for (let i = 0; i < length; i++) out[i] = Math.max(-32768, Math.min(32767, Math.round(shaped[i]! * gain)));
  return out;
}

function shape(length: number, reflection: Float64Array, seed: number): Float64Array {
  const order = reflection.length;
  const backward = new Float64Array(order + 1);
  const out = new Float64Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    // A linear congruential generator (Numerical Recipes) is noise enough for noise.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let forward = state / 2 ** 31 - 1;
    for (let m = order; m >= 1; m--) {
      forward -= reflection[m - 1]! * backward[m - 1]!;
      backward[m] = backward[m - 1]! + reflection[m - 1]! * forward;
    }
    backward[0] = forward;
    out[i] = forward;
  }
  return out;
}
