import type { Loss } from '../../src/plan/impairment.js';
import { quantileTable } from '../../src/emulator/chain/distribution.js';
import type { Delay } from '../../src/plan/impairment.js';

/** Cumulative distribution of the delay that is asked for. */
export function delayCdf({ ms, jitterMs, distribution }: Delay): (x: number) => number {
  const table = quantileTable(distribution);
  const clamp = (share: number) => Math.max(0, Math.min(1, share));
  if (table === null) return (x) => clamp((x - ms + jitterMs) / (2 * jitterMs));
  const sorted = Array.from(table, (value) => Math.max(0, ms + jitterMs * value)).sort(
    (one, other) => one - other,
  );
  return (x) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! <= x) low = middle + 1;
      else high = middle;
    }
    return low / sorted.length;
  };
}

/** Gilbert's model with h = 0 and k = 1: bursts are geometric. */
export function gilbert({ p, r }: Extract<Loss, { kind: 'gilbert-elliott' }>) {
  const memory = 1 - p - r;
  return {
    share: p / (p + r),
    burst: (length: number) => r * (1 - r) ** (length - 1),
    /** How many times as large as of independent losses the variance of their count is. */
    inflation: (1 + memory) / (1 - memory),
  };
}

/** Salsano et al.'s model: its chain's stationary distribution. */
export function fourState({ p13, p31, p32, p23, p14 }: Extract<Loss, { kind: 'four-state' }>) {
  // Balance of 4 (π4 = p14·π1), of 2 (p23·π2 = p32·π3) and of 3 against 1 (p13·π1 = p31·π3).
  const three = p31 > 0 ? p13 / p31 : 0;
  const two = p23 > 0 ? (p32 * three) / p23 : 0;
  return { share: (three + p14) / (1 + two + three + p14) };
}
