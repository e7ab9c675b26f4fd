import { ExitCode } from '../base/errors.js';

const MEANINGS = new Map<number, string>([
  [ExitCode.asExpected, 'everything went as expected'],
  [ExitCode.failed, 'a scenario did not go as expected'],
  [ExitCode.invalid, 'a fault or a measure could not be trusted'],
  [ExitCode.labFailed, 'the lab or the machine failed'],
  [ExitCode.badInput, 'the input was bad'],
  [ExitCode.interrupted, 'interrupted'],
]);

/** What an exit code of deadair says, in words. */
export const exitMeaning = (exitCode: number): string => MEANINGS.get(exitCode) ?? 'unknown exit code';
