import { Command, InvalidArgumentError, Option } from 'commander';
import type { EmulatorAsked } from '../plan/choose-emulator.js';
import type { RuntimeName } from '../plan/types.js';
import { defaultJobs, emulatorOption, scenarioPaths, seedOption, tagOption, wholeNumber } from './options.js';

export interface RunFlags {
  out?: string;
  runtime: RuntimeName | 'auto';
  emulator: EmulatorAsked;
  jobs: number;
  seed?: number;
  repeat: number;
  again: number;
  defects: 'none' | 'also' | 'only';
  tag?: string[];
  shard?: Shard;
  json?: true;
  quiet?: true;
  summary?: string;
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
    .addOption(
      new Option('--runtime <NAME>', 'what nodes run in; auto: netns, unless an image needs Docker')
        .choices(['auto', 'netns', 'docker'])
        .default('auto'),
    )
    .addOption(emulatorOption())
    .addOption(
      new Option('--jobs <N>', 'labs at the same time').argParser(wholeNumber(1)).default(defaultJobs()),
    )
    .addOption(seedOption())
    .addOption(new Option('--repeat <N>', 'runs of each scenario').argParser(wholeNumber(1, 1000)).default(1))
    .addOption(
      new Option('--again <N>', 'run a scenario whose result is invalid again, at most N times')
        .argParser(wholeNumber(0, 10))
        .default(0),
    )
    .addOption(
      new Option('--defects <WHICH>', 'twins with a planted bug')
        .choices(['none', 'also', 'only'])
        .default('none'),
    )
    .addOption(tagOption())
    .addOption(new Option('--shard <I/N>', 'the Ith of N parts of the scenarios').argParser(parseShard))
    .option('--json', 'print result.json to standard output, progress to standard error')
    .option('--quiet', 'no progress: only the scoreboard at the end, and what went wrong')
    .option('--summary <FILE>', 'also write the run as Markdown, for a pull request or a job summary')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: RunFlags) => {
      // Loaded when it runs: help and mistakes in options need none of it.
      const { run } = await import('./run-scenarios.js');
      process.exitCode = await run(scenarioPaths(paths), flags);
    });
}

const EXAMPLES = `
Examples:
  deadair run                                     every scenario that comes with deadair
  deadair run scenarios/trunk/carrier-cut.yaml    one
  deadair run --tag pre-release --defects also    a suite, with the twins that must fail
  deadair run --seed 42 --repeat 5                the same plan, five times
  deadair run --tag pre-release --again 1         on a busy machine: what can't be trusted once more`;

function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.count))
    throw new InvalidArgumentError('It takes I/N with 1 ≤ I ≤ N, such as 2/4.');
  return shard;
}
