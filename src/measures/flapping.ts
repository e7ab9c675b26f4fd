/** Penalty from which a trunk counts as flapping (docs/measures.md §4; the form is that of RFC 2439, route flap damping). */
export const FLAPPING_FROM = 3;

/**
 * Peak of Φ(t) = Σ 2^(−(t − t_j)/h) over all transitions t_j ≤ t. It can only peak at a transition.
 * @param timesMs of the transitions, ascending
 * @param halfLifeMs h > 0
 * @returns null for no transitions
 */
export function penaltyPeak(timesMs: readonly number[], halfLifeMs: number): number | null {
  let peak: number | null = null;
  let penalty = 0;
  let lastMs = 0;
  for (const atMs of timesMs) {
    penalty = penalty * 2 ** (-(atMs - lastMs) / halfLifeMs) + 1;
    lastMs = atMs;
    peak = Math.max(peak ?? 0, penalty);
  }
  return peak;
}

/**
 * Wald–Wolfowitz runs test on a sequence of two kinds (A. Wald, J. Wolfowitz, 1940):
 * z = (R − μ)/σ, μ = 2·n₁·n₂/n + 1, σ² = (μ − 1)(μ − 2)/(n − 1). z ≪ 0: long stays, as in failover; ≈ 0: sharing;
 * ≫ 0: alternation.
 * @returns null where only one kind occurs, or too little to have a spread
 */
export function runsZ(sequence: readonly boolean[]): number | null {
  const n = sequence.length;
  const n1 = sequence.filter(Boolean).length;
  const runs = sequence.filter((value, index) => index === 0 || value !== sequence[index - 1]).length;
  return runsScore(n1, n - n1, runs);
}

/** The same from the counts of each kind and the number of runs. */
export function runsScore(n1: number, n2: number, runs: number): number | null {
  const n = n1 + n2;
  if (n1 === 0 || n2 === 0) return null;
  const mean = (2 * n1 * n2) / n + 1;
  const variance = ((mean - 1) * (mean - 2)) / (n - 1);
  return variance > 0 ? (runs - mean) / Math.sqrt(variance) : null;
}
