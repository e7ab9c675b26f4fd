import { messageOf } from '../base/errors.js';
import type { Evidence } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import type { HearCall } from './audio.js';
import { indexCalls, measureCall } from './calls.js';
import { measureFailover } from './failover.js';
import { measureInstrument } from './instrument.js';
import { derivePhases } from './phases.js';
import { injectedTruth } from './truth.js';
import type { CallMeasure, FailoverMeasure, Measures } from './types.js';

type Problems = Measures['instrument']['problems'];

const NO_FAILOVER: FailoverMeasure = {
  transitions: [],
  expectedTransitions: 0,
  excessTransitions: 0,
  flapPenaltyPeak: null,
  flapping: false,
  runsZ: null,
  detectionMs: null,
  firstSuccessMs: null,
  settleMs: null,
  prematureCalls: [],
  callsLost: [],
  evidence: [],
};

/**
 * All measures of one scenario's run. A measure that throws takes nothing down with it: it leaves a gap, and the
 * problem MEASURE_FAILED, which makes the run invalid.
 * @param hear listens to one call; see `startHearing`
 */
export async function measure(
  plan: Plan,
  journal: readonly JournalEntry[],
  evidence: Evidence,
  hear: HearCall,
): Promise<Measures> {
  const problems: Problems = [];
  const failed = (what: string, error: unknown) => {
    problems.push({
      code: 'MEASURE_FAILED',
      summary: `${what} could not be measured: ${messageOf(error)}`,
      evidence: [],
    });
  };
  const attempt = <T>(what: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      failed(what, error);
      return otherwise;
    }
  };
  const truth = injectedTruth(plan, journal);
  const index = indexCalls(plan, evidence);
  const signalled = plan.calls.flatMap((call) => attempt(call.id, () => [measureCall(call, index)], []));
  const calls: CallMeasure[] = [];
  for (const call of signalled)
    calls.push(
      await hear(call, index, signalled).catch((error: unknown) => {
        failed(`what was heard in ${call.id}`, error);
        return call;
      }),
    );
  const phases = attempt('phases', () => derivePhases(plan, journal, truth, calls), []);
  const failover = attempt('failover', () => measureFailover(plan, truth, calls), NO_FAILOVER);
  const instrument = attempt('the instrument', () => measureInstrument(plan, journal, evidence, calls), {
    pacingP99Ms: null,
    problems: [],
  });
  return {
    calls,
    phases,
    failover,
    instrument: { ...instrument, problems: [...problems, ...instrument.problems] },
  };
}
