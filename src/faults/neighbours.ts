import type { Neighbours } from '../runfolder/journal.js';

/** Two probes that were sent less than this apart have nothing between them. */
const TOGETHER_MS = 1;

/**
 * Counts what became of probes that were sent one right after the other.
 *
 * @param met whether it met what is looked for, by number; null for one that can't be told
 */
export function neighboursOf(
  sentAtMs: readonly number[],
  met: (number: number) => boolean | null,
): Neighbours {
  const neighbours: Neighbours = { pairs: 0, first: 0, both: 0 };
  for (let number = 1; number < sentAtMs.length; number++) {
    if (sentAtMs[number]! - sentAtMs[number - 1]! > TOGETHER_MS) continue;
    const [one, other] = [met(number - 1), met(number)];
    if (one === null || other === null) continue;
    neighbours.pairs++;
    if (one) neighbours.first++;
    if (one && other) neighbours.both++;
  }
  return neighbours;
}
