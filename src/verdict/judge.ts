import type { Evidence } from '../evidence/types.js';
import { indexCalls } from '../measures/calls.js';
import { Guard } from '../measures/guard.js';
import { injectedTruth } from '../measures/truth.js';
import type { Measures } from '../measures/types.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { diagnose } from './diagnoses/index.js';
import { judgeExpectation, unjudged } from './expectations.js';
import { faultResults } from './faults.js';
import { mergeVerdicts } from './merge.js';
import { scorecard } from './scorecard.js';
import type { Diagnosis, ScenarioResult, Scorecard, Verdict } from './types.js';

const UNSCORED: Scorecard = { ringback: null, audio: null, failback: null, overall: null };

/**
 * Judges one run from what it left behind: the same folder always gives the same result.
 * The verdict is the worst of the expectations'; `degraded` if all of them held and yet something was diagnosed;
 * `invalid` if the instrument had any problem, whatever the expectations say, or if nothing was expected. A part of the
 * judging that throws is such a problem, and takes nothing else down with it.
 */
export function judge(
  plan: Plan,
  journal: readonly JournalEntry[],
  evidence: Evidence,
  measures: Measures,
): ScenarioResult {
  const guard = new Guard();
  const measured = { plan, truth: injectedTruth(plan, journal), measures };
  const expectations = plan.expectations.map((expectation) =>
    guard.run(
      `expectation ${expectation.id}`,
      () => judgeExpectation(expectation, measured),
      unjudged(expectation),
    ),
  );
  const index = indexCalls(plan, evidence);
  const { tls, log } = evidence;
  const diagnoses = diagnose({ ...measured, journal, index, tls, log }, (family) =>
    guard.run('a diagnosis', family, []),
  );
  const score = guard.run('the scorecard', () => scorecard(measured), UNSCORED);
  const problems = [...measures.instrument.problems, ...guard.problems];
  const verdict = mergeVerdicts([
    ...expectations.map((result) => result.verdict),
    ...(diagnoses.length > 0 ? (['degraded'] as const) : []),
    ...(problems.length > 0 || expectations.length === 0 ? (['invalid'] as const) : []),
  ]);
  return {
    id: plan.id,
    file: plan.scenario.file,
    title: plan.scenario.title,
    story: plan.scenario.story,
    tags: plan.scenario.tags,
    defect: plan.defect && { name: plan.defect.name, diagnosis: plan.defect.diagnosis },
    verdict,
    expected: plan.expected,
    asExpected: isAsExpected(plan, verdict, diagnoses),
    scorecard: score,
    expectations,
    diagnoses,
    faults: faultResults(plan, journal, measures.decisions),
    phases: measures.phases,
    calls: measures.calls,
    registrations: measures.registrations,
    failover: measures.failover,
    ...(measures.lines && { lines: measures.lines }),
    powerCycles: measures.powerCycles,
    takeovers: measures.takeovers,
    instrument: { ...measures.instrument, problems },
    environment: environmentOf(plan, journal),
    durationMs: (journal.at(-1)?.atMs ?? 0) - (journal[0]?.atMs ?? 0),
  };
}

/** A healthy run passes and nothing is diagnosed; a twin fails, and its promised diagnosis ranks first. */
function isAsExpected(plan: Plan, verdict: Verdict, diagnoses: readonly Diagnosis[]): boolean {
  if (plan.defect === null) return verdict === plan.expected && diagnoses.length === 0;
  return verdict === 'fail' && diagnoses[0]?.code === plan.defect.diagnosis;
}

function environmentOf(plan: Plan, journal: readonly JournalEntry[]): ScenarioResult['environment'] {
  const { runtime, emulator, emulatorWhy, seed } = plan;
  const entry = journal.find(({ event }) => event === 'environment');
  const told =
    entry?.event === 'environment' ? entry : { kernel: 'unknown', versions: {}, node: 'unknown', cores: 0 };
  const { kernel, versions, node, cores } = told;
  const ready = journal.find((one) => one.event === 'lab-ready');
  const readyMs = ready?.event === 'lab-ready' ? ready.tookMs : null;
  return { kernel, runtime, emulator, emulatorWhy, seed, node, cores, versions, readyMs };
}
