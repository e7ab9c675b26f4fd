import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { runFiles, scenarioFiles } from '../runfolder/layout.js';

/** A folder of a run, and whether it may go. */
export interface FoundRun {
  path: string;
  bytes: number;
  /** When anything in it was last written, ms since 1970. */
  lastMs: number;
  /** Why it stays; null if it may go. */
  kept: string | null;
}

/** A scenario that was written to so recently, in a run without a result, may still go on. */
const STILL_RUNNING_MS = 15 * 60_000;

/**
 * The runs in a folder, the oldest first. A folder counts as a run if it has a result or a scenario's plan in it, and may go if
 * all that is in it is what deadair writes, and nothing of it is younger than `olderThanMs`.
 * @throws CLEAN_UNREADABLE (exit 64)
 */
export async function oldRuns(folder: string, olderThanMs: number, nowMs = Date.now()): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!entry.isDirectory()) continue;
    const run = await examine(resolve(folder, entry.name), olderThanMs, nowMs);
    if (run) found.push(run);
  }
  return found.sort((a, b) => a.lastMs - b.lastMs);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new DeadairError('CLEAN_UNREADABLE', `${folder} can't be looked through: ${messageOf(cause)}.`, {
      exitCode: ExitCode.badInput,
      fix: 'Name the folder that has the folders of runs, such as reports.',
      cause,
    });
  }
}

/** Null for what is no run. */
async function examine(path: string, olderThanMs: number, nowMs: number): Promise<FoundRun | null> {
  const { result, html, junit, allure, earlier } = runFiles(path);
  const own = new Set([result, html, junit, allure, join(path, 'allure-report'), earlier]);
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.map(({ name }) => join(path, name));
  const attempts = await readdir(earlier).catch(() => []);
  const scenarios: string[] = [];
  for (const name of [...names, ...attempts.map((name) => join(earlier, name))])
    if (await exists(scenarioFiles(name).plan)) scenarios.push(name);
  const hasResult = names.includes(result);
  if (!hasResult && scenarios.length === 0) return null;
  const inside = await Promise.all(scenarios.map(strangersIn));
  const [strange] = [
    ...attempts.map((name) => join(earlier, name)).filter((name) => !scenarios.includes(name)),
    ...names.filter((name) => !own.has(name) && !scenarios.includes(name) && !TEMPORARY.test(name)),
    ...inside.flat(),
  ];
  const { bytes, lastMs } = await contents(path);
  const isYoung = nowMs - lastMs < olderThanMs;
  const mayRun = !hasResult && nowMs - lastMs < STILL_RUNNING_MS;
  return {
    path,
    bytes,
    lastMs,
    kept:
      strange !== undefined
        ? `${strange.slice(path.length + 1)} in it is not deadair's`
        : mayRun
          ? 'it may still run'
          : isYoung
            ? 'it is not old enough'
            : null,
  };
}

/** What a scenario's run leaves in its folder. */
const OF_SCENARIO = new Set([
  ...[
    'plan.json',
    'journal.jsonl',
    'result.json',
    'call-details.json',
    'captures',
    'audio',
    'logs',
    'configs',
  ],
  ...['decisions', 'disks', 'work'],
]);

/** Folders in which only deadair writes, and what. Into the others the lab's programs write what they like. */
const OF_DEADAIR: Readonly<Record<string, RegExp>> = {
  captures: /^[^/]+\.pcap$/,
  audio: /^[^/]+\.wav$/,
  decisions: /^[^/]+\.log$/,
};

async function strangersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const inside = await Promise.all(
    Object.entries(OF_DEADAIR).map(async ([name, own]) => {
      const files = await readdir(join(folder, name), { recursive: true }).catch(() => []);
      return files.filter((file) => !own.test(file)).map((file) => join(folder, name, file));
    }),
  );
  return [
    ...names.filter((name) => !OF_SCENARIO.has(name)).map((name) => join(folder, name)),
    ...inside.flat(),
  ];
}

/** What a write that was killed leaves beside the file: see writeAtomically. */
const TEMPORARY = /\.\d+\.tmp$/;

async function contents(path: string): Promise<{ bytes: number; lastMs: number }> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => lstat(join(entry.parentPath, entry.name)).catch(() => null)),
  );
  const { mtimeMs } = await lstat(path);
  return sizes.reduce(
    (sum, file) =>
      file === null ? sum : { bytes: sum.bytes + file.size, lastMs: Math.max(sum.lastMs, file.mtimeMs) },
    { bytes: 0, lastMs: sizes.length === 0 ? mtimeMs : 0 },
  );
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
