/** Density of the standard normal distribution. */
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Cumulative standard normal distribution by its Taylor series (Marsaglia, "Evaluating the Normal Distribution", 2004). */
export function normalCdf(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let sum = x;
  let term = x;
  for (let n = 3; sum + term !== sum; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/**
 * The x below which a standard normal variable is with probability `p` (0 < p < 1, not within 1e-12 of either), by
 * Newton's method from `guess`.
 */
export function normalQuantile(p: number, guess = 0): number {
  let x = guess;
  for (let round = 0; round < 50; round++) {
    const step = Math.max(-0.5, Math.min(0.5, (normalCdf(x) - p) / density(x)));
    x -= step;
    if (Math.abs(step) < 1e-12) break;
  }
  return x;
}
