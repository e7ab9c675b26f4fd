import { Command, InvalidArgumentError } from 'commander';
import { stat } from 'node:fs/promises';
import { ExitCode } from '../base/errors.js';
import type { BufferLength } from '../measures/hearing/scheduling.js';
import { runFiles } from '../runfolder/layout.js';
import { written } from './closed-pipe.js';
import { wholeNumber } from './options.js';

interface AnalyzeFlags {
  json?: true;
  run?: string;
  wav?: string;
  call?: number[];
  buffer?: BufferLength;
}

export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('say what captures show of calls and who heard whom, or judge a run again from its folder')
    .argument(
      '<PATH...>',
      'captures (pcap, pcapng) of one network at one time; or the folder of a run; or its evidence pack (.zip)',
    )
    .option('--json', 'print the result as JSON to standard output')
    .option('--wav <DIR>', 'write what was heard as WAV files, left the caller, right the callee')
    .option('--run <RUN>', 'the captures are of this run (folder, or plan.json): look for its signatures')
    .option(
      '--buffer <MS>',
      "length of the jitter buffer that stands for the phones', 0–2000, or adaptive (default: 50)",
      bufferLength,
    )
    .option('--call <N>', 'tell this call in full (repeatable)', (text: string, before: number[] = []) => [
      ...before,
      wholeNumber(1)(text),
    ])
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: AnalyzeFlags) => {
      const [first] = paths;
      if (paths.length === 1 && first?.endsWith('.zip')) {
        process.exitCode = await verify(first, flags);
        return;
      }
      const isRun = paths.length === 1 && first !== undefined && (await isFolder(first));
      process.exitCode = isRun ? await judgeAgain(first, flags) : await analyze(paths, flags);
    });
}

const LONGEST_BUFFER_MS = 2000;

function bufferLength(text: string): BufferLength {
  const ms = Number(text);
  if (text === 'adaptive') return text;
  if (text.trim() === '' || !(ms >= 0 && ms <= LONGEST_BUFFER_MS))
    throw new InvalidArgumentError(`It takes milliseconds from 0 to ${LONGEST_BUFFER_MS}, or adaptive.`);
  return ms;
}

const EXAMPLES = `
Examples:
  deadair analyze incident.pcap                  calls, ladders, both ears, holes, quality, findings
  deadair analyze lan.pcap wan.pcap --wav out    two captures of one network, with recordings
  deadair analyze jitter.pcap --buffer adaptive  as phones hear it whose jitter buffer fits itself
  deadair analyze reports/20261120-091500-2a     a run again, from its folder alone
  deadair analyze dr-2026-q4.zip                 whether an evidence pack is as it was written

Exit: 0 nothing wrong · 1 findings · 2 a part could not be read · 64 not a capture`;

async function judgeAgain(runFolder: string, flags: AnalyzeFlags): Promise<number> {
  const { scoreboard, wantsColour } = await import('../report/scoreboard.js');
  const { rejudge } = await import('../run/rejudge.js');
  const result = await rejudge(runFolder);
  if (flags.json) process.stdout.write(JSON.stringify(result) + '\n');
  else {
    const reports = [runFiles(runFolder).html, runFiles(runFolder).result];
    process.stdout.write(scoreboard(result, { colour: wantsColour(process.stdout, process.env), reports }));
  }
  return result.exitCode;
}

/** Says whether an evidence pack is as it was written; 2 if it isn't. */
async function verify(file: string, { json }: AnalyzeFlags): Promise<number> {
  const { printable } = await import('../report/text.js');
  const { verifyPack } = await import('../run/verify-pack.js');
  const check = await verifyPack(file);
  const wrong = (['changed', 'missing', 'added'] as const).flatMap((how) =>
    check[how].map((name) => `${how}: ${printable(name)}`),
  );
  if (json) console.log(JSON.stringify(check, null, 2));
  else
    console.log(
      [
        ...wrong,
        `${check.intact.length} of ${check.intact.length + check.changed.length + check.missing.length} files are as they were packed.`,
      ].join('\n'),
    );
  return wrong.length === 0 ? ExitCode.asExpected : ExitCode.invalid;
}

async function analyze(paths: string[], { json, run, wav, call, buffer }: AnalyzeFlags): Promise<number> {
  const { analyzeLarge } = await import('../run/analyze.js');
  using analysis = await analyzeLarge(paths, {
    ...(run !== undefined && { run }),
    ...(wav !== undefined && { wav }),
    ...(buffer !== undefined && { buffer }),
  });
  if (json) {
    const { fieldJson } = await import('../report/field-json.js');
    for (const piece of fieldJson(analysis)) await written(process.stdout, piece);
    await written(process.stdout, '\n');
  } else {
    const { fieldText } = await import('../report/field.js');
    const { wantsColour } = await import('../report/scoreboard.js');
    const colour = wantsColour(process.stdout, process.env);
    process.stdout.write(fieldText(analysis, { colour, calls: call ?? [] }));
  }
  return analysis.exitCode;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
