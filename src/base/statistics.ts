/** Standard deviations on either side of what is 99.9 % likely: with some twenty proofs a tour, one false alarm in fifty tours at worst. */
export const Z = 3.29;

export type Interval = [low: number, high: number];

/** Wilson's score interval for `hits` of `n` (Wilson 1927), by default the two-sided 99.9 % one. */
export function wilson(hits: number, n: number, z = Z): Interval {
  if (n === 0) return [0, 1];
  const p = hits / n;
  const z2 = (z * z) / n;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = (z / (1 + z2)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  // None and all are within their own interval exactly, whatever rounding says.
  return [hits === 0 ? 0 : centre - half, hits === n ? 1 : centre + half];
}

/**
 * Distribution-free interval of the median: the order statistics at n/2 ± Z·√n/2 (David and Nagaraja, Order Statistics,
 * §7.1, by the normal approximation of the binomial). Null without values; all of them if they are too few for more.
 */
export function medianInterval(sorted: readonly number[]): Interval | null {
  const n = sorted.length;
  const half = (Z * Math.sqrt(n)) / 2;
  const low = sorted[Math.max(0, Math.floor(n / 2 - half))];
  const high = sorted[Math.min(n - 1, Math.ceil(n / 2 + half))];
  return low === undefined || high === undefined ? null : [low, high];
}

/** The value below which `share` of the values lie; null without values. */
export const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;

export const meet = ([aLow, aHigh]: Interval, [bLow, bHigh]: Interval): boolean =>
  aLow <= bHigh && bLow <= aHigh;
