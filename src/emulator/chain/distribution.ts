import type { Delay } from '../../plan/impairment.js';
import { normalQuantile } from './normal.js';

/** As many entries as netem's tables have. */
export const ENTRIES = 4096;
/** netem's tables hold 16-bit integers, so many to the standard deviation: tails end at four of them. */
export const UNIT = 8192;
export const LARGEST_ENTRY = 32_767;
const LARGEST = LARGEST_ENTRY / UNIT;
/** Exponent of the Pareto distribution that netem's tables are made from. */
const PARETO_EXPONENT = 3;

const normal = normalTable();
const pareto = Float64Array.from(
  { length: ENTRIES },
  // Least value 1, so mean 3/2; 4/3 is netem's factor to the "standard deviation".
  (_, index) => Math.min(LARGEST, (4 / 3) * ((1 - share(index)) ** (-1 / PARETO_EXPONENT) - 1.5)),
);
const paretonormal = pareto.map((value, index) => 0.25 * normal[index]! + 0.75 * value);

/**
 * Inverse cumulative distribution, evenly spaced, in units of jitter from the mean: netem's tables (tc's netem/*.c),
 * made from the formulas, each entry for the middle of its share. Null for uniform, which needs none.
 */
export function quantileTable(distribution: Delay['distribution']): ArrayLike<number> | null {
  switch (distribution) {
    case 'uniform':
      return null;
    case 'normal':
      return normal;
    case 'pareto':
      return pareto;
    case 'paretonormal':
      return paretonormal;
    default:
      return distribution.table;
  }
}

/** The share of a distribution at which table entry `index` stands. */
function share(index: number): number {
  return (index + 0.5) / ENTRIES;
}

function normalTable(): Float64Array {
  const table = new Float64Array(ENTRIES);
  for (let index = ENTRIES / 2; index < ENTRIES; index++) {
    const value = normalQuantile(share(index), table[index - 1]);
    table[index] = value;
    table[ENTRIES - 1 - index] = -value;
  }
  return table;
}
