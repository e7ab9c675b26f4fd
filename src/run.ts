import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { DeadairError, ExitCode, messageOf } from './base/errors.js';
import { monotonicMs } from './base/linux/clock.js';
import { ProgramVersions } from './lab/versions.js';
import type { Plan } from './plan/types.js';
import type { LiveView, ScenarioLine } from './report/live.js';
import { attemptsAside, moveAside, untilTrusted } from './run/again.js';
import { everySecond } from './run/every-second.js';
import { startHeartbeat } from './run/heartbeat.js';
import { prepareImages } from './run/images.js';
import { judgeOrSay } from './run/judging.js';
import { runLive, type LiveParts } from './run/live.js';
import { openRuntimes, requireRuntimes, type Runtimes } from './run/runtimes.js';
import { masksFor } from './run/secrets.js';
import { RunOutlook } from './run/outlook.js';
import { Places } from './run/places.js';
import { aheadOfOthers } from './run/priority.js';
import { unjudged } from './run/unjudged.js';
import { runFiles, scenarioFiles } from './runfolder/layout.js';
import type { RunResult, ScenarioResult } from './verdict/types.js';

export interface RunOptions {
  /** Run folder; made if it isn't there. */
  out: string;
  /** Labs of up to eight nodes that run at the same time; larger ones count for more. */
  jobs: number;
  /** How often a scenario whose result is invalid is run again, at most. */
  again: number;
  view: LiveView;
  /** Told of a scenario whose lab failed; its result is invalid. */
  onFailure?: (planId: string, failure: DeadairError) => void;
  /** Aborting ends the labs in good order; what they left is judged. */
  signal: AbortSignal;
}

interface Outcome {
  result: ScenarioResult;
  failure: DeadairError | null;
}

/**
 * Runs plans in parallel labs, judges each, and writes the run folder: result.json, report.html, junit.xml and
 * allure-results beside a folder a scenario.
 * @throws RUN_FOLDER_TAKEN, RUN_FOLDER_UNUSABLE, SECRET_MISSING, SECRET_SHORT (exit 64), IMAGE_NOT_BUILT and what
 * openDocker throws (exit 3), before anything is started
 */
export async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<RunResult> {
  const startedAt = new Date();
  const startMs = performance.now();
  const masks = masksFor(plans, process.env);
  await requireRuntimes(plans, process.env);
  await makeRunFolder(plans, options.out);
  const places = new Places(options.jobs);
  // A judge holds a scenario's captures in memory, and labs still run beside it: half of the cores are enough.
  const inJudging = pLimit(Math.max(1, Math.floor(cpus().length / 2)));
  const lines = new Map(plans.map((plan) => [plan, options.view.scenario(plan.id, plan.scenario.title)]));
  await prepareImages(plans, lines, options.signal);
  // The longest first, so that labs of one wave end at about the same time.
  const inTurn = [...lines].sort(([a], [b]) => b.trafficMs - a.trafficMs);
  const outlook = new RunOutlook(
    inTurn.map(([plan]) => ({ plan, weight: weightOf(plan) })),
    options.jobs,
  );
  const outcomes = await aheadOfOthers(async () => {
    await using runtimes = await openRuntimes(plans, { environment: process.env, masks });
    await using heartbeat = startHeartbeat();
    const programVersions = new ProgramVersions();
    using standing = everySecond(() => options.view.run(outlook.at(monotonicMs())));
    const attempt = async (plan: Plan, line: ScenarioLine, why: string): Promise<Outcome> => {
      line.waits(`waiting for a free place${why}`);
      const outcome = await places.with(weightOf(plan), (whenReady) => {
        outlook.entered(plan);
        const ready = async () => {
          await whenReady();
          outlook.callsBegin(plan, monotonicMs());
        };
        return runLab(plan, options, { line, heartbeat, masks, runtimes, programVersions, ready });
      });
      outlook.labEnded(plan);
      line.phase('judging');
      const folder = runFiles(options.out).scenario(plan.id);
      const result = outcome.ran ? await inJudging(() => judgeOrSay(plan, folder)) : outcome.result;
      return { result, failure: outcome.failure };
    };
    const runAndJudge = async (plan: Plan, line: ScenarioLine): Promise<Outcome> => {
      let why = '';
      const { result, failure } = await untilTrusted(
        options,
        () => attempt(plan, line, why),
        async (invalid, number) => {
          const kept = await moveAside(options.out, invalid, number);
          why = `, once more since it was invalid: ${oneLine(invalid)}`;
          outlook.again(plan);
          return kept;
        },
      );
      if (failure) options.onFailure?.(plan.id, failure);
      outlook.judged(plan);
      line.done(result.verdict, failure ? String(failure) : oneLine(result));
      return { result, failure };
    };
    const running = new Map(inTurn.map(([plan, line]) => [plan, runAndJudge(plan, line)]));
    const ended = await Promise.all([...lines.keys()].map((plan) => running.get(plan)!));
    standing.now();
    return ended;
  });
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

/** Nodes of a lab that counts as one: as many as the smallest of those shipped has. */
const NODES_A_PLACE = 8;
const weightOf = ({ lab }: Plan): number => Math.ceil(lab.nodes.length / NODES_A_PLACE);

type Ran =
  { ran: true; failure: DeadairError | null } | { ran: false; failure: DeadairError; result: ScenarioResult };

/** Runs a plan's lab, unless the run was interrupted before its turn came. */
async function runLab(
  plan: Plan,
  { out, signal }: RunOptions,
  { runtimes, ...parts }: Omit<LiveParts, 'signal' | 'runtime'> & { runtimes: Runtimes },
): Promise<Ran> {
  if (!signal.aborted)
    return {
      ran: true,
      failure: await runLive(plan, runFiles(out).scenario(plan.id), {
        ...parts,
        runtime: runtimes.of(plan),
        signal,
      }),
    };
  const failure = new DeadairError('INTERRUPTED', 'the run was interrupted before this scenario began', {
    exitCode: ExitCode.interrupted,
  });
  return { ran: false, failure, result: unjudged(plan, failure) };
}

async function makeRunFolder(plans: readonly Plan[], out: string): Promise<void> {
  const taken =
    plans.find(({ id }) => existsSync(scenarioFiles(runFiles(out).scenario(id)).journal))?.id ??
    [...(await attemptsAside(out)).keys()][0];
  if (taken !== undefined)
    throw new DeadairError('RUN_FOLDER_TAKEN', `${out} has a run of ${taken} in it already.`, {
      exitCode: ExitCode.badInput,
      fix: 'Give --out a new folder, or remove the old one.',
    });
  try {
    await mkdir(out, { recursive: true });
  } catch (cause) {
    throw new DeadairError('RUN_FOLDER_UNUSABLE', `${out} can't be made: ${messageOf(cause)}.`, {
      exitCode: ExitCode.badInput,
      cause,
    });
  }
}

/** `reports/20261120-091500-1a2b`, from the time and the seed. */
export function defaultRunFolder(seed: number, now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return resolve(join('reports', `${stamp}-${seed.toString(16)}`));
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
