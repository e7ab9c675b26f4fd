import type { RunResult } from '../verdict/types.js';
import { printable } from './text.js';

/** Their form: `::error file=…,title=…::message`, with what would end a field or the line written as %XX. */
const field = (text: string): string =>
  printable(text).replace(/[%:,]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
const message = (text: string): string => printable(text).replaceAll('%', '%25');

/**
 * Lines that a job of GitHub Actions shows beside the scenario's file: an error for what did not go as it should, a warning
 * for what could not be trusted. Nothing for what did.
 */
export function annotations({ scenarios }: RunResult): string[] {
  return scenarios
    .filter(({ asExpected }) => !asExpected)
    .map(({ id, file, verdict, diagnoses, instrument, expectations }) => {
      const found = instrument.problems[0] ?? diagnoses[0];
      const missed = expectations.find((one) => one.verdict !== 'pass')?.summary;
      const what = found ? `${found.code}: ${found.summary}` : (missed ?? `verdict ${verdict}`);
      const place = file === undefined ? '' : `file=${field(file)},`;
      return `::${verdict === 'invalid' ? 'warning' : 'error'} ${place}title=${field(id)}::${message(what)}`;
    });
}
