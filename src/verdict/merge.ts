import type { Verdict } from './types.js';

const SEVERITY: Record<Verdict, number> = { pass: 0, degraded: 1, fail: 2, invalid: 3 };

/**
 * The worst of all: invalid over fail over degraded over pass; pass for none. Jepsen's checkers let false beat
 * unknown. Here `invalid` wins, because it says that the instrument or a fault could not be trusted: such a run
 * must neither pass nor be held against the system under test.
 */
export function mergeVerdicts(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'pass';
  for (const verdict of verdicts) if (SEVERITY[verdict] > SEVERITY[worst]) worst = verdict;
  return worst;
}
