import type { Diagnosis } from '../types.js';
import { diagnoseCalls } from './calls.js';
import type { Case, Diagnose, RankedDiagnosis } from './case.js';
import { diagnoseDetection } from './detection.js';
import { diagnoseDigits } from './digits.js';
import { diagnoseEmergency } from './emergency.js';
import { diagnoseFailback } from './failback.js';
import { diagnoseMedia } from './media.js';
import { diagnoseNames } from './names/index.js';
import { diagnosePower } from './power.js';
import { diagnosePrograms } from './programs.js';
import { diagnoseRingback } from './ringback.js';

const families: readonly Diagnose[] = [
  diagnosePrograms,
  diagnosePower,
  diagnoseMedia,
  diagnoseNames,
  diagnoseCalls,
  diagnoseDigits,
  diagnoseEmergency,
  diagnoseFailback,
  diagnoseDetection,
  diagnoseRingback,
];

/**
 * All that was found, the most specific first.
 * @param attempt runs one family of rules; what it throws is the caller's
 */
export function diagnose(
  subject: Case,
  attempt: (family: () => RankedDiagnosis[]) => RankedDiagnosis[],
): Diagnosis[] {
  return families
    .flatMap((family) => attempt(() => family(subject)))
    .sort((a, b) => a.rank - b.rank)
    .map(({ code, summary, advice, evidence }) => ({ code, summary, advice, evidence }));
}
