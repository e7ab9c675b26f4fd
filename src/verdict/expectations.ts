import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { judgeCounts, judgeHeardShare, judgeShares } from './expect-calls.js';
import { judgeCodecs, judgeNumbers, judgeResponseCodes } from './expect-signalling.js';
import { judgeDetection, judgeFailback } from './expect-failover.js';
import { judgeHoles, judgeLate } from './expect-media.js';
import { judgeLineFailover, judgeLineShare } from './expect-lines.js';
import { judgePowerCycles } from './expect-power.js';
import { judgeOffModel, judgeQuality } from './expect-quality.js';
import { judgeTakeover } from './expect-takeover.js';
import { judgeDigits, judgeRegistered } from './expect-phones.js';
import { judgeRestored } from './expect-service.js';
import { judgeTimes } from './expect-times.js';
import { invalid, never, type Finding, type Measured } from './finding.js';
import { callsInScope } from './scope.js';
import type { ExpectationResult } from './types.js';
import { threshold } from './words.js';

/** Holds one expectation against the measures. What could not be measured is `invalid`, never a pass. */
export function judgeExpectation(expectation: PlannedExpectation, measured: Measured): ExpectationResult {
  return resultOf(expectation, find(expectation, measured));
}

/** Stands for an expectation whose judging broke down. */
export const unjudged = (expectation: PlannedExpectation): ExpectationResult =>
  resultOf(expectation, invalid('It could not be judged: see the problems of the run.'));

function resultOf(expectation: PlannedExpectation, finding: Finding): ExpectationResult {
  const unit = unitOf(expectation);
  return { id: expectation.id, unit, threshold: threshold(expectation.bound, unit), ...finding };
}

function find(expectation: PlannedExpectation, measured: Measured): Finding {
  if (expectation.kind === 'failback') return judgeFailback(expectation, measured);
  if (expectation.kind === 'detection-time') return judgeDetection(expectation, measured);
  if (expectation.kind === 'back-in-service') return judgePowerCycles(expectation, measured);
  if (expectation.kind === 'takeover') return judgeTakeover(expectation, measured);
  if (expectation.kind === 'registered') return judgeRegistered(expectation, measured);
  if (expectation.kind === 'line-failover') return judgeLineFailover(expectation, measured);
  const scoped = callsInScope(expectation, measured);
  if (scoped.neverReached !== null)
    return never(`The phase ${scoped.neverReached} was never reached, though calls enough were placed.`, []);
  if (scoped.calls.length === 0) return invalid(`No call was placed${scoped.where}.`);
  switch (expectation.kind) {
    case 'time-to-ringback':
    case 'time-to-audible-ringback':
    case 'time-to-answer':
      return judgeTimes(expectation, scoped);
    case 'one-way-audio':
    case 'dead-air':
      return judgeCounts(expectation, scoped);
    case 'response-codes':
      return judgeResponseCodes(expectation, scoped);
    case 'caller-id-lost':
    case 'number-lost':
      return judgeNumbers(expectation, scoped);
    case 'codec-mismatch':
      return judgeCodecs(expectation, scoped);
    case 'heard-share':
      return judgeHeardShare(expectation, scoped);
    case 'hole-in-call':
      return judgeHoles(expectation, scoped);
    case 'late-packets':
      return judgeLate(expectation, scoped);
    case 'quality':
      return judgeQuality(expectation, scoped);
    case 'quality-off-model':
      return judgeOffModel(expectation, scoped);
    case 'digits-read':
      return judgeDigits(expectation, scoped);
    case 'line-share':
      return judgeLineShare(expectation, scoped, measured);
    case 'restored':
      return judgeRestored(expectation, scoped, measured);
    case 'answered-share':
    case 'trunk-share':
      return judgeShares(expectation, scoped, measured);
  }
}

function unitOf(expectation: PlannedExpectation): ExpectationResult['unit'] {
  switch (expectation.kind) {
    case 'one-way-audio':
    case 'dead-air':
    case 'response-codes':
    case 'caller-id-lost':
    case 'number-lost':
    case 'codec-mismatch':
      return 'calls';
    case 'quality':
    case 'quality-off-model':
      return 'MOS';
    case 'heard-share':
    case 'late-packets':
    case 'digits-read':
    case 'answered-share':
    case 'trunk-share':
    case 'line-share':
      return 'share';
    case 'takeover':
      return expectation.statistic === 'time' ? 'ms' : 'share';
    case 'line-failover':
      return expectation.statistic === 'excess-transitions' ? 'transitions' : 'ms';
    case 'failback':
      if (expectation.statistic === 'settle-time') return 'ms';
      return expectation.statistic === 'premature-calls' ? 'calls' : 'transitions';
    default:
      return 'ms';
  }
}
