import { Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync, writeFileSync } from 'node:fs';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { traceFromCaptures } from '../evidence/trace-from-captures.js';
import { importMahimahi } from '../plan/traces/mahimahi.js';
import { parseTrace } from '../plan/traces/read.js';
import type { Trace } from '../plan/traces/types.js';
import { formatTrace } from '../plan/traces/write.js';
import { wholeNumber } from './options.js';

interface ImportFlags {
  out: string;
  end: Trace['end'];
}

export function traceCommand(): Command {
  const command = new Command('trace').description('make and check traces for "impair: …, trace: FILE"');
  const importing = command.command('import').description('make a trace of a recording of something else');
  withTarget(importing.command('mahimahi'))
    .description('from a mahimahi packet-delivery trace: one millisecond a line')
    .argument('<FILE>', 'the mahimahi trace')
    .option('--step <MS>', 'length of each step of rate', wholeNumber(1, 60_000), 100)
    .option('--queue <MS>', 'longest wait in front of the rate (default: no bound)', wholeNumber(1, 60_000))
    .action((file: string, flags: ImportFlags & { step: number; queue?: number }) => {
      const options = { stepMs: flags.step, queueMs: flags.queue ?? null, end: flags.end };
      write(importMahimahi(readText(file), file, options), flags.out);
    });
  withTarget(importing.command('captures'))
    .description('from two captures of the same packets, before and after a link')
    .argument('<BEFORE>', 'pcap taken before the link')
    .argument('<AFTER>', 'pcap taken after it')
    .option('--from <ADDRESS>', 'only packets from this IPv4 address')
    .option('--offset <MS>', 'clock of AFTER less that of BEFORE', milliseconds, 0)
    .action(async (before: string, after: string, flags: ImportFlags & { from?: string; offset: number }) => {
      const { from = null, offset: offsetMs, end, out } = flags;
      const imported = await traceFromCaptures({ before, after, from, offsetMs, end });
      const { matched, lost, alike } = imported;
      write(imported.trace, out);
      console.log(
        `${matched} packets matched, ${lost} lost${alike > 0 ? `, ${alike} had others alike` : ''}`,
      );
    });
  command
    .command('check')
    .description('check a trace file')
    .argument('<FILE>', 'the trace')
    .action((file: string) => console.log(summary(parseTrace(readText(file), file))));
  return command;
}

const withTarget = (command: Command): Command =>
  command
    .requiredOption('--out <FILE>', 'the trace to write')
    .addOption(
      new Option('--end <WHAT>', 'after the last record').choices(['hold', 'loop', 'stop']).default('loop'),
    );

function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It takes milliseconds.');
  return value;
}

function write(trace: Trace, out: string): void {
  writeFileSync(out, formatTrace(trace));
  console.log(`${out}: ${summary(trace)}`);
}

const summary = (trace: Trace): string =>
  trace.kind === 'packet'
    ? `${trace.delaysMs.length} packets, then ${trace.end}`
    : `${trace.steps.length} steps over ${trace.lengthMs / 1000} s, then ${trace.end}`;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const what = `cannot read ${file}: ${messageOf(cause)}.`;
    throw new DeadairError('FILE_UNREADABLE', what, { exitCode: ExitCode.badInput, cause });
  }
}
