import type { Evidence } from '../evidence/types.js';
import type { PlannedFault } from '../plan/planned-fault.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { answerProblems } from './answers.js';
import { indexCalls } from './calls.js';
import { captureProblems } from './capture-problems.js';
import { brokenHarness, loadProblems } from './harness-problems.js';
import { looseLegProblems } from './loose-legs.js';
import { leakProblems } from './leaks.js';
import { pacingP99Ms } from './pacing.js';
import { JOURNAL, problem, type Problem } from './problems.js';
import { talkerProblems } from './talkers.js';
import { injectedTruth } from './truth.js';
import type { CallMeasure, InstrumentMeasure } from './types.js';

/** Own limits: beyond them a figure would speak of the lab's machine, not of the system under test. */
const MAX_CLOCK_STEP_MS = 5;
const MAX_PACING_P99_MS = 20;
const MAX_CALLS_MISSING_SHARE = 0.05;
const MAX_INVITE_LATE_MS = 1000;
const MAX_FLOW_LATE_MS = 2000;
const MAX_EMULATOR_LATE_P99_MS = 10;

/** Looks for everything that would make the run's own figures untrustworthy. */
export function measureInstrument(
  plan: Plan,
  journal: readonly JournalEntry[],
  evidence: Evidence,
  calls: readonly CallMeasure[],
): InstrumentMeasure {
  const pacing = pacingP99Ms(plan, evidence);
  const truth = injectedTruth(plan, journal);
  const index = indexCalls(plan, evidence);
  const harness = brokenHarness(journal);
  return {
    pacingP99Ms: pacing,
    declared: journal.flatMap((entry) =>
      entry.event === 'clear-proof'
        ? entry.proof.declared.map((words) => `${entry.link}, ${entry.when}: ${words}`)
        : [],
    ),
    // Once the harness failed all else that is missing follows from it.
    problems:
      harness.length > 0
        ? harness
        : [
            ...clockProblems(journal),
            ...captureProblems(plan, journal, evidence),
            ...loadProblems(plan, journal),
            ...plan.faults.flatMap((fault) => faultProblems(fault, journal)),
            ...linkProblems(journal),
            ...leakProblems(plan, truth, evidence),
            ...answerProblems(truth, evidence),
            ...trafficProblems(plan, calls, pacing),
            ...talkerProblems(index, truth, calls),
            ...looseLegProblems(index),
          ],
  };
}

function clockProblems(journal: readonly JournalEntry[]): Problem[] {
  const epochs = journal.flatMap((entry) => (entry.event === 'clock' ? [entry.wallEpochMs] : []));
  if (epochs.length < 2)
    return [
      problem(
        'CLOCK_STEPPED',
        'The clocks were not compared at the start and the end, so times are not proven.',
      ),
    ];
  const stepMs = Math.max(...epochs) - Math.min(...epochs);
  if (stepMs <= MAX_CLOCK_STEP_MS) return [];
  return [problem('CLOCK_STEPPED', `The wall clock was stepped by ${stepMs.toFixed(1)} ms during the run.`)];
}

function faultProblems({ id, target, untilMs }: PlannedFault, journal: readonly JournalEntry[]): Problem[] {
  const stages = untilMs === null ? (['applied'] as const) : (['applied', 'healed'] as const);
  return stages.flatMap((when): Problem[] => {
    const failed = (why: string, atMs?: number) => [
      problem('FAULT_NOT_PROVEN', `${id} on ${target}: ${why}`, JOURNAL, atMs),
    ];
    const done = `fault-${when}` as const;
    if (!journal.some((entry) => entry.event === done && 'fault' in entry && entry.fault === id))
      return failed(`it was never ${when}.`);
    const proof = journal.findLast((e) => e.event === 'fault-proof' && e.fault === id && e.when === when);
    if (proof?.event !== 'fault-proof') return failed(`nothing proves that it was ${when}.`);
    return proof.proof.holds
      ? []
      : failed(`the probes don't agree that it was ${when}: ${proof.proof.reason}`, proof.atMs);
  });
}

/** Impairments nobody asked for: in a link that should be clear, and by an emulator that got no time or no room. */
function linkProblems(journal: readonly JournalEntry[]): Problem[] {
  return journal.flatMap((entry): Problem[] => {
    if (entry.event === 'clear-proof' && !entry.proof.holds) {
      const when = entry.when === 'baseline' ? 'before its first fault' : 'at the end';
      const summary = `${entry.link} should have been clear ${when}: ${entry.proof.reason}`;
      return [problem('HIDDEN_IMPAIRMENT', summary, JOURNAL, entry.atMs)];
    }
    if (entry.event !== 'emulator-counters') return [];
    const { link, lateness, overrun } = entry;
    return [
      ...(lateness && lateness.p99Ms > MAX_EMULATOR_LATE_P99_MS
        ? [
            problem(
              'EMULATOR_LATE',
              `The emulator delivered frames of ${link} ${lateness.p99Ms.toFixed(1)} ms late (99th percentile): the machine had no time for it.`,
              JOURNAL,
              entry.atMs,
            ),
          ]
        : []),
      ...(overrun
        ? [
            problem(
              'EMULATOR_OVERRUN',
              `The emulator had no room for ${overrun} frames of ${link}, and dropped them.`,
              JOURNAL,
              entry.atMs,
            ),
          ]
        : []),
    ];
  });
}

function trafficProblems(plan: Plan, calls: readonly CallMeasure[], pacing: number | null): Problem[] {
  const stalled = (summary: string) => problem('LOAD_GENERATOR_STALLED', summary);
  const invitedAt = new Map(calls.map(({ id, inviteAt }) => [id, inviteAt]));
  // A flow may start a little late as a whole (SIPp has to start); from its first call on it keeps its beat.
  const startLateMs = new Map<string, number>();
  const placed = plan.calls.flatMap(({ id, flow, atMs }) => {
    const at = invitedAt.get(id) ?? null;
    if (at === null) return [];
    const flowLateMs = startLateMs.get(flow) ?? at - atMs;
    if (!startLateMs.has(flow)) startLateMs.set(flow, flowLateMs);
    return [{ id, lateMs: Math.abs(at - atMs - flowLateMs) }];
  });
  if (placed.length === 0) return [problem('NOTHING_MEASURED', 'Not one call was seen in the captures.')];
  const problems: Problem[] = [];
  if (pacing !== null && pacing > MAX_PACING_P99_MS)
    problems.push(
      stalled(`The lab's own media was sent ${pacing.toFixed(1)} ms off its beat (99th percentile).`),
    );
  if (placed.length < plan.calls.length * (1 - MAX_CALLS_MISSING_SHARE))
    problems.push(stalled(`Only ${placed.length} of ${plan.calls.length} calls were placed.`));
  for (const [flow, lateMs] of startLateMs)
    if (Math.abs(lateMs) > MAX_FLOW_LATE_MS)
      problems.push(stalled(`The calls of ${flow} began ${(lateMs / 1000).toFixed(1)} s off their time.`));
  const worst = placed.reduce((latest, one) => (one.lateMs > latest.lateMs ? one : latest));
  if (worst.lateMs > MAX_INVITE_LATE_MS)
    problems.push(stalled(`${worst.id} was placed ${(worst.lateMs / 1000).toFixed(1)} s off its time.`));
  return problems;
}
