#!/usr/bin/env node
import { Command } from 'commander';
import { DeadairError, ExitCode } from '../base/errors.js';
import { analyzeCommand } from './analyze.js';
import { bearClosedPipes } from './closed-pipe.js';
import { listCommand } from './list.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { traceCommand } from './trace.js';
import { validateCommand } from './validate.js';

bearClosedPipes(process.stdout, process.stderr);
const program = new Command('deadair')
  .description(
    'A chaos lab for voice: breaks a real telephone network on a timeline, and hears what callers heard.',
  )
  .addCommand(runCommand())
  .addCommand(analyzeCommand())
  .addCommand(validateCommand())
  .addCommand(listCommand())
  .addCommand(schemaCommand())
  .addCommand(traceCommand());
// Errors of options come back here instead of ending the process with commander's own exit code.
for (const command of [program, ...program.commands])
  command.exitOverride().showHelpAfterError('(add --help for what there is)');

try {
  await program.parseAsync();
  // Whatever of a lab might hang must not hold the process; what was printed must get out.
  process.stdout.write('', () => process.exit());
} catch (error) {
  process.exitCode = explain(error);
}

/** Tells an error and gives the exit code that goes with it. A known user error prints no stack. */
function explain(error: unknown): number {
  if (error instanceof DeadairError) {
    console.error(String(error));
    return error.exitCode;
  }
  // commander has told its own errors already; help and version end with 0.
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number')
    return error.exitCode === 0 ? 0 : ExitCode.badInput;
  console.error(error);
  return ExitCode.labFailed;
}
