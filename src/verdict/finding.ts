import type { EvidenceRef } from '../evidence/types.js';
import type { Truth } from '../measures/truth.js';
import type { Measures } from '../measures/types.js';
import type { Plan } from '../plan/types.js';
import type { Verdict } from './types.js';

/** What expectations are held against. */
export interface Measured {
  plan: Plan;
  truth: Truth;
  measures: Measures;
}

/** What one rule found out; the id and the threshold are added by `judgeExpectation`. */
export interface Finding {
  verdict: Verdict;
  measured: number | null;
  summary: string;
  evidence: EvidenceRef[];
}

/** It could not be measured. */
export const invalid = (summary: string): Finding => ({
  verdict: 'invalid',
  measured: null,
  summary,
  evidence: [],
});

/** It was measured, and what should have happened never did. */
export const never = (summary: string, evidence: EvidenceRef[]): Finding => ({
  verdict: 'fail',
  measured: null,
  summary,
  evidence,
});
