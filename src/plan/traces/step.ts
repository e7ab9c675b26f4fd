import type { Impairment } from '../impairment.js';
import type { TimeTrace } from './types.js';

/** The step that a trace is in, `sinceMs` after its begin; null before its first and after its end. */
export function stepAt({ steps, lengthMs, end }: TimeTrace, sinceMs: number): Impairment | null {
  if (sinceMs >= lengthMs && end === 'stop') return null;
  const atMs = sinceMs >= lengthMs && end === 'loop' ? sinceMs % lengthMs : sinceMs;
  return steps.findLast((step) => step.atMs <= atMs)?.impairment ?? null;
}
