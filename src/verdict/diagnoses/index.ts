import type { Diagnosis } from '../types.js';
import { diagnoseCalls } from './calls.js';
import type { Case, Diagnose } from './case.js';
import { diagnoseDetection } from './detection.js';
import { diagnoseFailback } from './failback.js';
import { diagnoseMedia } from './media.js';
import { diagnoseRingback } from './ringback.js';

const families: readonly Diagnose[] = [
  diagnoseMedia,
  diagnoseCalls,
  diagnoseFailback,
  diagnoseDetection,
  diagnoseRingback,
];

/** All that was found, the most specific first. */
export function diagnose(subject: Case): Diagnosis[] {
  return families
    .flatMap((family) => family(subject))
    .sort((a, b) => a.rank - b.rank)
    .map(({ code, summary, advice, evidence }) => ({ code, summary, advice, evidence }));
}
