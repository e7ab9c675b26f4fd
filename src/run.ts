import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { ExitCode, type DeadairError } from './base/errors.js';
import type { Plan } from './plan/types.js';
import type { LiveView } from './report/live.js';
import { judgeInThread } from './run/judging.js';
import { runLive } from './run/live.js';
import { aheadOfOthers } from './run/priority.js';
import { runFiles } from './runfolder/layout.js';
import type { RunResult, ScenarioResult } from './verdict/types.js';

export interface RunOptions {
  /** Run folder; made if it isn't there. */
  out: string;
  /** Labs that run at the same time. */
  jobs: number;
  view: LiveView;
  /** Told of a scenario whose lab failed; its result is invalid. */
  onFailure?: (planId: string, failure: DeadairError) => void;
  /** Aborting ends the labs in good order; what they left is judged. */
  signal: AbortSignal;
}

/**
 * Runs plans in parallel labs, judges each, and writes the run folder: result.json, report.html, junit.xml and
 * allure-results beside a folder a scenario.
 */
export async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<RunResult> {
  const startedAt = new Date();
  const startMs = performance.now();
  await mkdir(options.out, { recursive: true });
  const inLab = pLimit(options.jobs);
  const inJudging = pLimit(cpus().length);
  const runPlan = async (plan: Plan): Promise<Outcome> => {
    const folder = runFiles(options.out).scenario(plan.id);
    const line = options.view.scenario(plan.id, plan.scenario.title);
    line.phase('waiting for a free place');
    const failure = await inLab(() => runLive(plan, folder, line, options.signal));
    if (failure) options.onFailure?.(plan.id, failure);
    line.phase('judging');
    const result = await inJudging(() => judgeInThread(folder));
    line.done(result.verdict, failure ? String(failure) : oneLine(result));
    return { result, failure };
  };
  const outcomes = await aheadOfOthers(() => Promise.all(plans.map(runPlan)));
  const run: RunResult = {
    schemaVersion: 1,
    startedAt: startedAt.toISOString(),
    wallMs: performance.now() - startMs,
    exitCode: exitCodeOf(outcomes),
    scenarios: outcomes.map(({ result }) => result),
  };
  // Loaded when they are needed: the labs need not wait for what writes reports.
  const { writeReports } = await import('./run/reports.js');
  await writeReports(options.out, run);
  return run;
}

/** `reports/20261120-091500-1a2b`, from the time and the seed. */
export function defaultRunFolder(seed: number, now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return resolve(join('reports', `${stamp}-${seed.toString(16)}`));
}

interface Outcome {
  result: ScenarioResult;
  failure: DeadairError | null;
}

/** The gravest outcome decides: interrupted, then a lab that failed, then untrusted, then not as expected. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  const failures = outcomes.map(({ failure }) => failure?.exitCode);
  if (failures.includes(ExitCode.interrupted)) return ExitCode.interrupted;
  if (failures.some((code) => code !== undefined)) return ExitCode.labFailed;
  if (outcomes.some(({ result }) => result.verdict === 'invalid')) return ExitCode.invalid;
  return outcomes.every(({ result }) => result.asExpected) ? ExitCode.asExpected : ExitCode.failed;
}

function oneLine(result: ScenarioResult): string {
  const [first] = result.diagnoses;
  const [problem] = result.instrument.problems;
  if (problem) return `${problem.code}: ${problem.summary}`;
  return first ? `${first.code}: ${first.summary}` : `${result.calls.length} calls`;
}
