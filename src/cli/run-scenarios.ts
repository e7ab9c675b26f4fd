import { writeFile } from 'node:fs/promises';
import { DeadairError, ExitCode } from '../base/errors.js';
import { netemAvailable, requireNetem } from '../emulator/netem.js';
import type { KernelNetem } from '../plan/choose-emulator.js';
import { compilePlans } from '../plan/compile.js';
import type { Plan } from '../plan/types.js';
import { annotations } from '../report/annotations.js';
import { openLiveView } from '../report/live.js';
import { runMarkdown } from '../report/markdown.js';
import { scoreboard, wantsColour } from '../report/scoreboard.js';
import { defaultRunFolder, runPlans } from '../run.js';
import { runFiles } from '../runfolder/layout.js';
import { findScenarios } from '../scenario/find.js';
import { drawSeed } from './options.js';
import type { RunFlags } from './run.js';

/** Runs the scenarios of the paths and shows how it goes; gives the exit code. */
export async function run(paths: string[], flags: RunFlags): Promise<number> {
  const seed = flags.seed ?? drawSeed();
  const kernelNetem = flags.emulator === 'auto' ? await netemAvailable() : undefined;
  const plans = plansOf(paths, flags, seed, kernelNetem);
  const nothing = plans.length > 0 ? null : emptyShard(flags);
  const out = flags.out ?? defaultRunFolder(seed);
  const { stdout, stderr } = process;
  if (process.getuid?.() !== 0)
    throw new DeadairError('NOT_ROOT', 'the lab makes network namespaces, and this is not root.', {
      exitCode: ExitCode.labFailed,
      fix: 'Run it with sudo.',
    });
  if (flags.emulator === 'netem') await requireNetem();
  if (!flags.quiet) for (const line of emulatorLines(plans)) stderr.write(`${line}\n`);
  const scenarios = plans.map((plan) => ({ id: plan.id, title: plan.scenario.title }));
  await using view = openLiveView({
    ...{ scenarios, stdout, stderr, environment: process.env },
    ...{ json: flags.json === true, quiet: flags.quiet === true },
  });
  const interruption = new AbortController();
  const stop = () => {
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    view.notice('Ending the labs; once more ends at once.');
    interruption.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const failures: string[] = [];
    const result = await runPlans(plans, {
      out,
      jobs: flags.jobs,
      again: flags.again,
      view,
      onFailure: (id, failure) => failures.push(`${id}: ${String(failure)}`),
      signal: interruption.signal,
    });
    await view.close();
    if (nothing !== null) stderr.write(`${nothing}\n`);
    const files = runFiles(out);
    if (flags.json) stdout.write(JSON.stringify(result) + '\n');
    else
      stdout.write(
        (stdout.isTTY && !flags.quiet ? '\n' : '') +
          scoreboard(result, {
            colour: wantsColour(stdout, process.env),
            reports: [files.html, files.result, files.junit],
          }),
      );
    if (flags.summary !== undefined) await writeFile(flags.summary, runMarkdown(result, out));
    // Its runner picks them up from either stream; standard output may be JSON.
    if (process.env['GITHUB_ACTIONS'] === 'true')
      for (const line of annotations(result)) stderr.write(`${line}\n`);
    for (const failure of failures) stderr.write(`${failure}\n`);
    return result.exitCode;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/**
 * Scenarios are dealt to shards in turn, a scenario and its twins together. A shard may have none of them.
 * @throws NOTHING_TO_RUN (exit 64) if no shard has any
 */
function plansOf(
  paths: string[],
  flags: RunFlags,
  seed: number,
  kernelNetem: KernelNetem | undefined,
): Plan[] {
  const found = findScenarios(paths, { tags: flags.tag ?? [] });
  if (flags.defects === 'only' && found.every(({ scenario }) => scenario.defects.length === 0))
    throw new DeadairError(
      'NOTHING_TO_RUN',
      `--defects only leaves nothing to run: no scenario of ${paths.join(', ')} has a twin.`,
      {
        exitCode: ExitCode.badInput,
        fix: 'Leave --defects out, or plant a defect of the lab under "defects" of the scenario.',
      },
    );
  const { index, count } = shardOf(flags);
  const mine = found.filter((_, position) => position % count === index - 1);
  return mine.flatMap((loaded) =>
    compilePlans(loaded, {
      seed,
      defects: flags.defects,
      runtime: flags.runtime,
      emulator: flags.emulator,
      ...(kernelNetem && { kernelNetem }),
      repeat: flags.repeat,
    }),
  );
}

/** Without the option there is one, of all scenarios. */
const shardOf = ({ shard = { index: 1, count: 1 } }: RunFlags) => shard;

/** A job of a matrix that got no scenario is no failure of it, but nothing was shown by it either. */
function emptyShard(flags: RunFlags): string {
  const { index, count } = shardOf(flags);
  return `Shard ${index}/${count} had nothing to run: there are fewer scenarios than shards, or its own have no twins.`;
}

/** Which emulator the plans have and why, a line for each reason: `wire: the kernel has no sch_netem`. */
function emulatorLines(plans: readonly Plan[]): string[] {
  const reasonOf = ({ emulator, emulatorWhy }: Plan) => `${emulator}: ${emulatorWhy}`;
  const reasons = [...new Set(plans.map(reasonOf))];
  return reasons.map((reason) => {
    const ids = plans.filter((plan) => reasonOf(plan) === reason).map(({ id }) => id);
    return `Emulator ${reason}${reasons.length > 1 ? ` (${ids.join(', ')})` : ''}.`;
  });
}
