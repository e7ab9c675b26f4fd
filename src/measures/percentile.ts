/**
 * Nearest-rank percentile: the smallest value that at least `share` of all values don't exceed. +∞ is a value.
 * @param share 0 < share ≤ 1; 1 is the maximum
 * @returns null for no values
 */
export function percentile(values: Iterable<number>, share: number): number | null {
  const sorted = Float64Array.from(values).sort();
  // 0.55 × 20 is 11.000000000000002 in binary: without the guard it would be rank 12.
  const rank = Math.max(1, Math.ceil(share * sorted.length - 1e-9));
  return sorted[rank - 1] ?? null;
}
