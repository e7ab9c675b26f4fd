import { FULL_SCALE } from '../../audio/source.js';

/** Mean square of a sine at 0 dBFS. */
export const FULL_SCALE_POWER = FULL_SCALE ** 2 / 2;

/** 0 dBm0 lies this far below a full-scale sine (ITU-T G.711: 3.14 dB for A-law; µ-law has 3.17). */
const DBM0_BELOW_FULL_SCALE = 3.14;

/** Mean square of a signal of this level. */
export function powerOfDbm0(dbm0: number): number {
  return FULL_SCALE_POWER * 10 ** ((dbm0 - DBM0_BELOW_FULL_SCALE) / 10);
}

/** Of samples[from…to), which may reach beyond the end of the audio: that is silent. */
export function meanSquare(samples: Int16Array, from: number, to: number): number {
  const end = Math.min(to, samples.length);
  let sum = 0;
  for (let i = from; i < end; i++) sum += samples[i]! * samples[i]!;
  return sum / (to - from);
}

interface Window {
  values: Float64Array;
  /** Σw²: an energy under the window, divided by this, is a mean square. */
  squares: number;
  /** Mean square of the tone whose correlation with the window has this squared magnitude. */
  tonePower: (squaredMagnitude: number) => number;
}

/** A Hann window of `length` samples. */
export function hann(length: number): Window {
  const values = Float64Array.from(
    { length },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length),
  );
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return { values, squares, tonePower: (squaredMagnitude) => (2 * squaredMagnitude) / (sum * sum) };
}
