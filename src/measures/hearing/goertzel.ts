import { RATE_HZ } from '../../audio/source.js';

/** Squared magnitude of the correlation of samples[from…to) at 8 kHz with a tone of `hz` (Goertzel's recurrence). */
export function goertzel(samples: ArrayLike<number>, hz: number, from = 0, to = samples.length): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let one = 0;
  let two = 0;
  for (let i = from; i < to; i++) {
    const next = samples[i]! + coefficient * one - two;
    two = one;
    one = next;
  }
  return one * one + two * two - coefficient * one * two;
}
