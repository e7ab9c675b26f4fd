#!/usr/bin/env node
import { DeadairError, ExitCode } from '../base/errors.js';
import { bearClosedPipes } from './closed-pipe.js';
import { createProgram } from './program.js';

bearClosedPipes(process.stdout, process.stderr);

// Also for promises that nobody waits for.
process.on('uncaughtException', (error) => process.exit(explain(strayed(error))));

try {
  await createProgram().parseAsync();
  // Whatever of a lab might hang must not hold the process; what was printed must get out.
  process.stdout.write('', () => process.exit());
} catch (error) {
  process.exitCode = explain(error);
}

/** What went wrong outside of all that handles errors. */
function strayed(error: unknown): DeadairError {
  if (error instanceof DeadairError) return error;
  return new DeadairError(
    'HARNESS_FAILED',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    {
      exitCode: ExitCode.labFailed,
      fix: 'Labs have ended with this process; "deadair analyze" judges what is in the run folder.',
      cause: error,
    },
  );
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
