import type { EvidenceRef } from '../evidence/types.js';
import type { ScenarioResult } from './types.js';

/** Something that a result cites, and what for: a diagnosis, an expectation, a time of a call. */
export interface Citation {
  by: string;
  ref: EvidenceRef;
}

/** Everything that a result cites: findings first, then expectations, then the calls themselves. */
export function citationsOf(result: ScenarioResult): Citation[] {
  const from = (by: string, refs: readonly EvidenceRef[]) => refs.map((ref) => ({ by, ref }));
  return [
    ...result.diagnoses.flatMap(({ code, evidence }) => from(code, evidence)),
    ...result.instrument.problems.flatMap(({ code, evidence }) => from(code, evidence)),
    ...result.expectations.flatMap(({ id, evidence }) => from(id, evidence)),
    ...from('failover', result.failover.evidence),
    ...result.powerCycles.flatMap(({ node, evidence }) => from(`power of ${node}`, evidence)),
    ...result.calls.flatMap(({ evidence, attempts }) => [
      ...from('times of the call', evidence),
      ...attempts.flatMap(({ trunk, evidence: ref }) => from(`try of ${trunk}`, [ref])),
    ]),
  ];
}
