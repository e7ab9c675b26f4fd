import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import type { NamedRun } from '../report/compare.js';
import { readResult } from '../report/json.js';
import { runFiles } from '../runfolder/layout.js';

/** Runs that could be read, and a sentence for each that could not. */
export interface FoundRuns {
  /** The oldest first. */
  runs: NamedRun[];
  unreadable: string[];
}

/**
 * The runs of these folders: a folder with a result is a run, any other one has runs in it.
 * @throws RUNS_MISSING (exit 64) if there is not one
 */
export async function findRuns(folders: readonly string[]): Promise<FoundRuns> {
  const unreadable: string[] = [];
  const runs: NamedRun[] = [];
  const paths = await Promise.all(folders.map(runsOf));
  for (const path of new Set(paths.flat()))
    try {
      runs.push({ name: basename(path), run: await readResult(path) });
    } catch (error) {
      if (!(error instanceof DeadairError)) throw error;
      unreadable.push(String(error));
    }
  if (runs.length === 0)
    throw new DeadairError(
      'RUNS_MISSING',
      [`no run was found in ${folders.join(', ')}.`, ...unreadable].join(' '),
      {
        exitCode: ExitCode.badInput,
        fix: 'Name the folders of runs, or a folder that has some, such as reports.',
      },
    );
  return { runs: runs.sort((a, b) => a.run.startedAt.localeCompare(b.run.startedAt)), unreadable };
}

async function runsOf(folder: string): Promise<string[]> {
  const path = resolve(folder);
  if (existsSync(runFiles(path).result)) return [path];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(runFiles(join(path, entry.name)).result))
    .map(({ name }) => join(path, name));
}
