import type { Diagnosis } from '../types.js';
import { diagnoseCalls } from './calls.js';
import type { Case, Diagnose, RankedDiagnosis } from './case.js';
import { diagnoseCutShort } from './cut-short.js';
import { diagnoseCodecs } from './codecs.js';
import { diagnoseCertificates } from './certificates.js';
import { diagnoseDetection } from './detection.js';
import { diagnoseDigits } from './digits.js';
import { diagnoseEmergency } from './emergency.js';
import { diagnoseFalseDown } from './false-down.js';
import { diagnoseFailback } from './failback.js';
import { diagnoseInbound } from './inbound.js';
import { diagnoseJitter } from './jitter.js';
import { diagnoseLoss } from './loss.js';
import { diagnoseMedia } from './media.js';
import { diagnosePinned } from './pinned.js';
import { diagnoseLines } from './lines.js';
import { diagnoseMovedPhones } from './moved-phones.js';
import { diagnoseNames } from './names/index.js';
import { diagnosePower } from './power.js';
import { diagnosePrograms } from './programs.js';
import { diagnoseRelay } from './relay.js';
import { diagnoseRingback } from './ringback.js';
import { diagnoseTakeovers } from './takeover.js';

const families: readonly Diagnose[] = [
  diagnosePrograms,
  diagnosePower,
  diagnoseRelay,
  diagnoseTakeovers,
  diagnoseCertificates,
  diagnoseMovedPhones,
  diagnoseLines,
  diagnoseMedia,
  diagnosePinned,
  diagnoseJitter,
  diagnoseLoss,
  diagnoseNames,
  diagnoseCalls,
  diagnoseCutShort,
  diagnoseInbound,
  diagnoseCodecs,
  diagnoseDigits,
  diagnoseEmergency,
  diagnoseFalseDown,
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
