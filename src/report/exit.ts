import { ExitCode } from '../base/errors.js';
import type { RunResult } from '../verdict/types.js';

const MEANINGS = new Map<number, string>([
  [ExitCode.asExpected, 'everything went as expected'],
  [ExitCode.failed, 'a scenario did not go as expected'],
  [ExitCode.invalid, 'a fault or a measure could not be trusted'],
  [ExitCode.labFailed, 'the lab or the machine failed'],
  [ExitCode.badInput, 'the input was bad'],
  [ExitCode.interrupted, 'interrupted'],
]);

/** What the exit code of a run says, in words. A run of nothing shows nothing. */
export const exitMeaning = ({ exitCode, scenarios }: Pick<RunResult, 'exitCode' | 'scenarios'>): string =>
  exitCode === ExitCode.asExpected && scenarios.length === 0
    ? 'there was nothing to run'
    : (MEANINGS.get(exitCode) ?? 'unknown exit code');
