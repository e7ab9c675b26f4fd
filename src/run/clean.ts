import { rm } from 'node:fs/promises';
import { DeadairError } from '../base/errors.js';
import { openEngine } from '../lab/docker/engine.js';
import { leftovers, removeLeftovers } from '../lab/docker/leftovers.js';
import { oldRuns } from './old-runs.js';

/** What was removed, or would be. */
export interface Cleaned {
  removed: { path: string; bytes: number }[];
  kept: { path: string; why: string }[];
  /** Containers of runs whose process is no more; null without a Docker engine. */
  containers: number | null;
}

/**
 * Removes the runs in a folder that are old enough, and containers that killed runs left.
 * @param environment DOCKER_HOST, where it isn't the usual socket
 * @throws CLEAN_UNREADABLE (exit 64)
 */
export async function cleanUp(
  folder: string,
  {
    olderThanMs,
    dryRun,
    environment,
  }: { olderThanMs: number; dryRun: boolean; environment: NodeJS.ProcessEnv },
): Promise<Cleaned> {
  const runs = await oldRuns(folder, olderThanMs);
  const old = runs.filter(({ kept }) => kept === null);
  if (!dryRun) for (const { path } of old) await rm(path, { recursive: true, force: true });
  return {
    removed: old.map(({ path, bytes }) => ({ path, bytes })),
    kept: runs.flatMap(({ path, kept }) => (kept === null ? [] : [{ path, why: kept }])),
    containers: await leftContainers(dryRun, environment),
  };
}

async function leftContainers(dryRun: boolean, environment: NodeJS.ProcessEnv): Promise<number | null> {
  try {
    const { docker } = await openEngine(environment);
    return dryRun ? (await leftovers(docker)).length : await removeLeftovers(docker);
  } catch (error) {
    if (error instanceof DeadairError && error.code.startsWith('DOCKER_')) return null;
    throw error;
  }
}
