const BINS = 2000;
const ROUNDS = 40;

/**
 * Cumulative distribution in the long run of x_n = (1 − c)·u_n + c·x_(n−1), by `c` between 0 and 1, both excluded: the
 * fixed point of F(t) = ∫ F((t − (1 − c)·u) / c) du, found on a grid.
 */
export function crowdedDraws(c: number): (x: number) => number {
  let cumulative = Float64Array.from({ length: BINS + 1 }, (_, bin) => bin / BINS);
  for (let round = 0; round < ROUNDS; round++) {
    // ∫ F over [a, b] by the running sum of the grid.
    const sums = new Float64Array(BINS + 2);
    for (let bin = 0; bin <= BINS; bin++) sums[bin + 1] = sums[bin]! + cumulative[bin]!;
    const integral = (x: number) =>
      x <= 0 ? 0 : x >= 1 ? sums[BINS]! / BINS + (x - 1) : sums[Math.round(x * BINS)]! / BINS;
    cumulative = cumulative.map((_, bin) => {
      const t = bin / BINS;
      const high = t / c;
      const low = (t - (1 - c)) / c;
      return clamp((integral(high) - integral(low)) / (high - low));
    });
  }
  return (x) => cumulative[Math.round(clamp(x) * BINS)]!;
}

/** How often two such draws, one after the other, are both below `share`. */
export function bothBelow(c: number, share: number): number {
  const cumulative = crowdedDraws(c);
  // Of the first draw x, in steps; the second is below with the chance that a fresh u is below (share − c·x) / (1 − c).
  let both = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const [low, high] = [bin / BINS, Math.min(share, (bin + 1) / BINS)];
    if (low >= share) break;
    both += (cumulative(high) - cumulative(low)) * clamp((share - (c * (low + high)) / 2) / (1 - c));
  }
  return both;
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
