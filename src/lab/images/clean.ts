import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileLock } from '../../base/linux/file-lock.js';
import { LOCKS, cacheFolder, lockOf } from './cache.js';

/** Names in the cache: an image's folder, its log while it's built or because it failed, and its unfinished builds. */
const PARTS = /^(.+-[0-9a-f]{16})(\.log|\.building-\d+)?$/;

/** Removes everything but finished images at the places in `kept`; what is being built is left alone. */
export async function cleanCache(kept: readonly string[]): Promise<{ removed: string[]; busy: string[] }> {
  const outcome = { removed: [] as string[], busy: [] as string[] };
  for (const name of await readdir(cacheFolder()).catch(() => [])) {
    const path = join(cacheFolder(), name);
    const [, image] = PARTS.exec(name) ?? [];
    if (name === LOCKS || image === undefined || kept.includes(path)) continue;
    const lock = FileLock.tryTake(lockOf(image));
    if (lock === null) {
      outcome.busy.push(path);
      continue;
    }
    try {
      await rm(path, { recursive: true, force: true });
      outcome.removed.push(path);
    } finally {
      lock.release();
    }
  }
  return outcome;
}
