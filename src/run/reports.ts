import { writeAllure } from '../report/allure.js';
import { writeHtml } from '../report/html.js';
import { writeResult } from '../report/json.js';
import { writeJunit } from '../report/junit.js';
import type { RunResult } from '../verdict/types.js';

/** result.json and every report beside it. */
export async function writeReports(out: string, run: RunResult): Promise<void> {
  await writeResult(out, run);
  await Promise.all([writeHtml(out, run), writeJunit(out, run), writeAllure(out, run)]);
}
