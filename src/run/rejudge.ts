import { existsSync } from 'node:fs';
import { readdir, rename, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { DeadairError, ExitCode } from '../base/errors.js';
import { readPlan } from '../evidence/run-files.js';
import { readResult } from '../report/json.js';
import { exitCodeOf } from '../run.js';
import { runFiles, scenarioFiles } from '../runfolder/layout.js';
import type { RunResult, ScenarioResult } from '../verdict/types.js';
import { attemptsAside } from './again.js';
import { judgeOrSay } from './judging.js';
import { writeReports } from './reports.js';

/**
 * Judges every scenario of a run again from its folder alone, and writes the reports anew. A run that was cut short has
 * no result.json yet, and one that can't be read counts as none: scenarios are found by their folders. What never began left nothing to judge, and stays invalid.
 * @throws RUN_FOLDER_EMPTY, RUN_FOLDER_UNREADABLE (a scenario without its plan), RESULT_TOO_NEW (exit 64)
 */
export async function rejudge(runFolder: string): Promise<RunResult> {
  const out = resolve(runFolder);
  const before = await earlierResult(out);
  const known = before
    ? before.scenarios.map((was) => ({ id: was.id, was, earlier: was.earlier }))
    : await foundScenarios(out);
  const limit = pLimit(cpus().length);
  const scenarios = await Promise.all(
    known.map(({ id, was, earlier }) =>
      limit(async () => {
        const folder = runFiles(out).scenario(id);
        if (was && neverBegan(was, folder)) return was;
        const result = await judgeOrSay(await readPlan(folder), folder);
        return earlier ? { ...result, earlier } : result;
      }),
    ),
  );
  const { startedAt, wallMs } = before ?? {
    startedAt: (await stat(out)).birthtime.toISOString(),
    wallMs: null,
  };
  const exitCode = exitCodeOf(scenarios.map((result) => ({ result, failure: null })));
  const run: RunResult = { schemaVersion: 1, startedAt, wallMs, exitCode, scenarios };
  await writeReports(out, run);
  return run;
}

async function earlierResult(out: string): Promise<RunResult | null> {
  if (!existsSync(runFiles(out).result)) return null;
  try {
    return await readResult(out);
  } catch (error) {
    if (error instanceof DeadairError && error.code === 'RESULT_UNREADABLE') return null;
    throw error;
  }
}

/** Nobody else's result stands without its evidence. */
const neverBegan = ({ verdict }: ScenarioResult, folder: string): boolean =>
  verdict === 'invalid' && !existsSync(scenarioFiles(folder).plan);

/** Without a result: by their folders, and those of attempts. Of one that waited to be run again the last attempt counts. */
async function foundScenarios(out: string) {
  const aside = await attemptsAside(out);
  for (const [id, attempts] of aside) {
    const folder = runFiles(out).scenario(id);
    const last = existsSync(folder) ? undefined : attempts.pop();
    if (last) await rename(join(out, last.folder), folder);
  }
  return (await plannedIds(out)).map((id) => {
    const earlier = aside.get(id) ?? [];
    return { id, was: null, earlier: earlier.length > 0 ? earlier : undefined };
  });
}

/** One that lost its plan is among them: that it can't be judged must be said, not passed over. */
async function plannedIds(out: string): Promise<string[]> {
  const entries = await readdir(out, { withFileTypes: true }).catch(() => []);
  const ids = entries
    .filter((entry) => {
      const { plan, journal, captures } = scenarioFiles(runFiles(out).scenario(entry.name));
      return entry.isDirectory() && [plan, journal, captures].some((path) => existsSync(path));
    })
    .map(({ name }) => name);
  if (ids.length > 0) return ids.sort();
  throw new DeadairError('RUN_FOLDER_EMPTY', `${out} has no scenario of a run in it.`, {
    exitCode: ExitCode.badInput,
    fix: 'Point at the folder that "deadair run" named, such as reports/20261120-091500-1a2b.',
  });
}
