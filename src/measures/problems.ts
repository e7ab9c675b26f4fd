import type { EvidenceRef } from '../evidence/types.js';
import type { InstrumentMeasure } from './types.js';

export type Problem = InstrumentMeasure['problems'][number];

export const JOURNAL = 'journal.jsonl';

/** Something by which the harness itself can't be trusted, and where that can be seen. */
export const problem = (code: string, summary: string, file = JOURNAL, atMs?: number): Problem =>
  problemAt(code, summary, [atMs === undefined ? { file } : { file, atMs }]);

export const problemAt = (code: string, summary: string, evidence: EvidenceRef[]): Problem => ({
  code,
  summary,
  evidence,
});
