import { Command, InvalidArgumentError, Option } from 'commander';
import { DeadairError, ExitCode } from '../base/errors.js';
import { compilePlans } from '../plan/compile.js';
import type { EmulatorName, Plan, RuntimeName } from '../plan/types.js';
import { openLiveView } from '../report/live.js';
import { scoreboard, wantsColour } from '../report/scoreboard.js';
import { defaultJobs, defaultRunFolder, runPlans } from '../run.js';
import { runFiles } from '../runfolder/layout.js';
import { findScenarios } from '../scenario/find.js';
import { drawSeed, scenarioPaths, seedOption, tagOption, wholeNumber } from './options.js';

interface RunFlags {
  out?: string;
  runtime: RuntimeName | 'auto';
  emulator: EmulatorName | 'auto';
  jobs: number;
  seed?: number;
  repeat: number;
  defects: 'none' | 'also' | 'only';
  tag?: string[];
  shard?: Shard;
  json?: true;
}

interface Shard {
  index: number;
  count: number;
}

export function runCommand(): Command {
  return new Command('run')
    .description('run scenarios (files or folders), by default all that come with deadair')
    .argument('[PATH...]', 'scenario files or folders')
    .option('--out <DIR>', 'run folder (default: a new one under reports/)')
    .addOption(new Option('--runtime <NAME>', 'what nodes run in').choices(['auto', 'netns']).default('auto'))
    .addOption(
      new Option('--emulator <NAME>', 'what impairs links').choices(['auto', 'wire']).default('auto'),
    )
    .addOption(
      new Option('--jobs <N>', 'labs at the same time').argParser(wholeNumber(1)).default(defaultJobs()),
    )
    .addOption(seedOption())
    .addOption(new Option('--repeat <N>', 'runs of each scenario').argParser(wholeNumber(1, 1000)).default(1))
    .addOption(
      new Option('--defects <WHICH>', 'twins with a planted bug')
        .choices(['none', 'also', 'only'])
        .default('none'),
    )
    .addOption(tagOption())
    .addOption(new Option('--shard <I/N>', 'the Ith of N parts of the scenarios').argParser(parseShard))
    .option('--json', 'print result.json to standard output, progress to standard error')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: RunFlags) => {
      process.exitCode = await run(scenarioPaths(paths), flags);
    });
}

const EXAMPLES = `
Examples:
  deadair run                                     every scenario that comes with deadair
  deadair run scenarios/trunk/carrier-cut.yaml    one
  deadair run --tag pre-release --defects also    a suite, with the twins that must fail
  deadair run --seed 42 --repeat 5                the same plan, five times`;

function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.count))
    throw new InvalidArgumentError('It takes I/N with 1 ≤ I ≤ N, such as 2/4.');
  return shard;
}

async function run(paths: string[], flags: RunFlags): Promise<number> {
  const seed = flags.seed ?? drawSeed();
  const plans = plansOf(paths, flags, seed);
  const out = flags.out ?? defaultRunFolder(seed);
  const { stdout, stderr } = process;
  if (process.getuid?.() !== 0)
    throw new DeadairError('NOT_ROOT', 'the lab makes network namespaces, and this is not root.', {
      exitCode: ExitCode.labFailed,
      fix: 'Run it with sudo.',
    });
  const interruption = new AbortController();
  const stop = () => {
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    stderr.write('\nEnding the labs; once more ends at once.\n');
    interruption.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const scenarios = plans.map((plan) => ({ id: plan.id, title: plan.scenario.title }));
    await using view = openLiveView({ scenarios, stdout, stderr, json: flags.json === true });
    const failures: string[] = [];
    const result = await runPlans(plans, {
      out,
      jobs: flags.jobs,
      view,
      onFailure: (id, failure) => failures.push(`${id}: ${String(failure)}`),
      signal: interruption.signal,
    });
    await view.close();
    const files = runFiles(out);
    if (flags.json) stdout.write(JSON.stringify(result) + '\n');
    else
      stdout.write(
        scoreboard(result, {
          colour: wantsColour(stdout, process.env),
          reports: [files.html, files.result, files.junit],
        }),
      );
    for (const failure of failures) stderr.write(`${failure}\n`);
    return result.exitCode;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Scenarios are dealt to shards in turn, a scenario and its twins together. */
function plansOf(paths: string[], flags: RunFlags, seed: number): Plan[] {
  const found = findScenarios(paths, { tags: flags.tag ?? [] });
  const { index, count } = flags.shard ?? { index: 1, count: 1 };
  const mine = found.filter((_, position) => position % count === index - 1);
  return mine.flatMap((loaded) =>
    compilePlans(loaded, {
      seed,
      defects: flags.defects,
      runtime: 'netns',
      emulator: 'wire',
      repeat: flags.repeat,
    }),
  );
}
