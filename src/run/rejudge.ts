import { cpus } from 'node:os';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { exitCodeOf } from '../run.js';
import { runFiles } from '../runfolder/layout.js';
import type { RunResult } from '../verdict/types.js';
import { judgeInThread } from './judging.js';
import { writeReports } from './reports.js';

/** Judges every scenario of a run again from its folder alone, and writes the reports anew. */
export async function rejudge(runFolder: string, before: RunResult): Promise<RunResult> {
  const out = resolve(runFolder);
  const limit = pLimit(cpus().length);
  const scenarios = await Promise.all(
    before.scenarios.map(({ id }) => limit(() => judgeInThread(runFiles(out).scenario(id)))),
  );
  const outcomes = scenarios.map((result) => ({ result, failure: null }));
  const run: RunResult = { ...before, exitCode: exitCodeOf(outcomes), scenarios };
  await writeReports(out, run);
  return run;
}
