import { RATE_HZ } from '../../audio/source.js';

/** Squared magnitude of the correlation of samples[from…to) at 8 kHz with a tone of `hz` (Goertzel's recurrence). */
export function goertzel(samples: ArrayLike<number>, hz: number, from = 0, to = samples.length): number {
  const coefficient = coefficientOf(hz);
  let one = 0;
  let two = 0;
  for (let i = from; i < to; i++) {
    const next = samples[i]! + coefficient * one - two;
    two = one;
    one = next;
  }
  return one * one + two * two - coefficient * one * two;
}

const coefficientOf = (hz: number): number => 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);

/**
 * The same, to the last bit, for several tones at 8 kHz at once. Each step of the recurrence waits for the one before: four
 * side by side take little more time than one.
 */
export class Goertzels {
  /** Squared magnitudes of the last samples, in the order of the tones. */
  readonly squares: Float64Array;
  private readonly coefficients: Float64Array;

  constructor(hz: readonly number[]) {
    const padded = Math.ceil(hz.length / 4) * 4;
    this.coefficients = Float64Array.from({ length: padded }, (_, i) => coefficientOf(hz[i] ?? 0));
    this.squares = new Float64Array(padded);
  }

  correlate(samples: Float64Array): void {
    for (let tone = 0; tone < this.squares.length; tone += 4) this.four(samples, tone);
  }

  private four(samples: Float64Array, tone: number): void {
    const { coefficients, squares } = this;
    const [ca, cb] = [coefficients[tone]!, coefficients[tone + 1]!];
    const [cc, cd] = [coefficients[tone + 2]!, coefficients[tone + 3]!];
    let [a1, a2, b1, b2] = [0, 0, 0, 0];
    let [c1, c2, d1, d2] = [0, 0, 0, 0];
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]!;
      const a = sample + ca * a1 - a2;
      const b = sample + cb * b1 - b2;
      const c = sample + cc * c1 - c2;
      const d = sample + cd * d1 - d2;
      a2 = a1;
      a1 = a;
      b2 = b1;
      b1 = b;
      c2 = c1;
      c1 = c;
      d2 = d1;
      d1 = d;
    }
    squares[tone] = a1 * a1 + a2 * a2 - ca * a1 * a2;
    squares[tone + 1] = b1 * b1 + b2 * b2 - cb * b1 * b2;
    squares[tone + 2] = c1 * c1 + c2 * c2 - cc * c1 * c2;
    squares[tone + 3] = d1 * d1 + d2 * d2 - cd * d1 * d2;
  }
}
