import { writeAllure } from '../report/allure.js';
import { writeHtml } from '../report/html.js';
import { writeResult } from '../report/json.js';
import { writeJunit } from '../report/junit.js';
import type { RunResult } from '../verdict/types.js';

/** result.json and every report beside it; with `embedAudio`, recordings are in report.html, too. */
export async function writeReports(
  out: string,
  run: RunResult,
  options: { embedAudio?: boolean } = {},
): Promise<void> {
  await writeResult(out, run);
  await Promise.all([writeHtml(out, run, options), writeJunit(out, run), writeAllure(out, run)]);
}
