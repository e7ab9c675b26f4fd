import type { DecisionsOf } from '../evidence/decisions.js';
import type { Evidence } from '../evidence/types.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import type { HearCall } from './audio.js';
import { indexCalls, measureCall } from './calls.js';
import { measureCodecs } from './call-codecs.js';
import { measureDigits } from './digits.js';
import { measureDecisions } from './decisions.js';
import { measureFailover, NO_FAILOVER } from './failover.js';
import { Guard } from './guard.js';
import { measureInstrument } from './instrument.js';
import { measureNumbers } from './numbers.js';
import { measureLines } from './lines.js';
import { derivePhases } from './phases.js';
import { measurePowerCycles } from './power-cycles.js';
import { measureRegistrations } from './registrations.js';
import { ToldFrames, withTold } from './told.js';
import { measureTakeovers } from './takeovers.js';
import { injectedTruth } from './truth.js';
import type { CallMeasure, DecisionMeasure, Measures } from './types.js';

/**
 * All measures of one scenario's run. A measure that throws takes nothing down with it: it leaves a gap, and the
 * problem MEASURE_FAILED, which makes the run invalid.
 * @param hear listens to one call; see `startHearing`
 * @param decisionsOf the emulator's logs; see `decisionsIn`
 */
export async function measure(
  plan: Plan,
  journal: readonly JournalEntry[],
  evidence: Evidence,
  hear: HearCall,
  decisionsOf: DecisionsOf,
): Promise<Measures> {
  const guard = new Guard();
  const truth = injectedTruth(plan, journal);
  const index = indexCalls(plan, evidence);
  const signalled = plan.calls.flatMap((call) => guard.run(call.id, () => [measureCall(call, index)], []));
  const told = await ToldFrames.read(plan, decisionsOf).catch((error: unknown) => {
    guard.failed('what the emulator was told to take', error);
    return null;
  });
  const calls: CallMeasure[] = [];
  for (const call of signalled) {
    const heard = await hear(call, index, signalled).catch((error: unknown) => {
      guard.failed(`what was heard in ${call.id}`, error);
      return call;
    });
    const digits = guard.run(`the digits of ${call.id}`, () => measureDigits(call, index), null);
    const numbers = guard.run(`the numbers of ${call.id}`, () => measureNumbers(call, index), null);
    const codecs = guard.run(`the codecs of ${call.id}`, () => measureCodecs(call, index), null);
    const measured = guard.run(`what was taken from ${call.id}`, () => withTold(heard, index, told), heard);
    calls.push({ ...measured, digits, numbers, codecs });
  }
  const lines = guard.run('the lines', () => measureLines(plan, truth, index, calls), null);
  const phases = guard.run('phases', () => derivePhases(plan, journal, truth, calls, lines), []);
  const failover = guard.run('failover', () => measureFailover(plan, truth, calls), NO_FAILOVER);
  const instrument = guard.run('the instrument', () => measureInstrument(plan, journal, evidence, calls), {
    pacingP99Ms: null,
    problems: [],
  });
  const powerCycles = guard.run(
    'the power cycles',
    () => measurePowerCycles(plan, journal, truth, index, calls),
    [],
  );
  const takeovers = guard.run('the takeovers', () => measureTakeovers(plan, truth, index, calls), []);
  const registrations = guard.run('registrations', () => measureRegistrations(plan, evidence), []);
  const decisions = await measureDecisions(plan, truth, decisionsOf).catch((error: unknown) => {
    guard.failed('what the emulator decided', error);
    return { byFault: new Map<string, DecisionMeasure[]>(), problems: [] };
  });
  return {
    calls,
    registrations,
    phases,
    failover,
    ...(lines && { lines }),
    powerCycles,
    takeovers,
    instrument: {
      ...instrument,
      problems: [...guard.problems, ...instrument.problems, ...decisions.problems],
    },
    told,
    decisions: decisions.byFault,
  };
}
