import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { DeadairError, ExitCode } from '../base/errors.js';
import { readPlan } from '../evidence/run-files.js';
import { readResult } from '../report/json.js';
import { exitCodeOf } from '../run.js';
import { runFiles, scenarioFiles } from '../runfolder/layout.js';
import type { RunResult, ScenarioResult } from '../verdict/types.js';
import { judgeOrSay } from './judging.js';
import { writeReports } from './reports.js';

/**
 * Judges every scenario of a run again from its folder alone, and writes the reports anew. A run that was cut short has
 * no result.json yet: its scenarios are found by their plans. What never began left nothing to judge, and stays invalid.
 * @throws RUN_FOLDER_EMPTY (exit 64) if there is no scenario's folder in it
 */
export async function rejudge(runFolder: string): Promise<RunResult> {
  const out = resolve(runFolder);
  const before = existsSync(runFiles(out).result) ? await readResult(out) : null;
  const known =
    before?.scenarios.map((earlier) => ({ id: earlier.id, earlier })) ??
    (await plannedIds(out)).map((id) => ({ id, earlier: null }));
  const limit = pLimit(cpus().length);
  const scenarios = await Promise.all(
    known.map(({ id, earlier }) =>
      limit(async () => {
        const folder = runFiles(out).scenario(id);
        if (earlier && neverBegan(earlier, folder)) return earlier;
        const result = await judgeOrSay(await readPlan(folder), folder);
        return earlier?.earlier ? { ...result, earlier: earlier.earlier } : result;
      }),
    ),
  );
  const { startedAt, wallMs } = before ?? { startedAt: (await stat(out)).birthtime.toISOString(), wallMs: 0 };
  const exitCode = exitCodeOf(scenarios.map((result) => ({ result, failure: null })));
  const run: RunResult = { schemaVersion: 1, startedAt, wallMs, exitCode, scenarios };
  await writeReports(out, run);
  return run;
}

/** Nobody else's result stands without its evidence. */
const neverBegan = ({ verdict }: ScenarioResult, folder: string): boolean =>
  verdict === 'invalid' && !existsSync(scenarioFiles(folder).plan);

async function plannedIds(out: string): Promise<string[]> {
  const entries = await readdir(out, { withFileTypes: true }).catch(() => []);
  const ids = entries
    .filter(
      (entry) => entry.isDirectory() && existsSync(scenarioFiles(runFiles(out).scenario(entry.name)).plan),
    )
    .map(({ name }) => name);
  if (ids.length > 0) return ids.sort();
  throw new DeadairError('RUN_FOLDER_EMPTY', `${out} has no scenario of a run in it.`, {
    exitCode: ExitCode.badInput,
    fix: 'Point at the folder that "deadair run" named, such as reports/20261120-091500-1a2b.',
  });
}
