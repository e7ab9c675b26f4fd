import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { FileLock } from '../../base/linux/file-lock.js';
import type { ImageRecipe } from '../../scenario/load-images.js';
import { build } from './build.js';
import { builtImage, placeOf } from './cache.js';

/** An image that is there. */
export interface ReadyImage {
  /** Its root filesystem; nobody may write there. */
  rootfs: string;
  /** Changes with everything that it is made from. */
  hash: string;
}

export interface EnsureOptions {
  /** Told what a build does, step by step; not called if nothing has to be built. */
  onStep?: (step: string) => void;
  signal?: AbortSignal;
}

/** Another process may be building it. */
const LOCK_LIMIT_MS = 20 * 60_000;

/**
 * The image of a recipe, built if it isn't there yet. Processes and labs that ask at the same time build it once.
 * @throws IMAGE_NOT_BUILT (exit 3) with the last lines of the build's log
 */
export async function ensureImage(
  recipe: ImageRecipe,
  { onStep = () => undefined, signal = new AbortController().signal }: EnsureOptions = {},
): Promise<ReadyImage> {
  const place = await placeOf(recipe);
  const ready = { rootfs: place.rootfs, hash: place.hash };
  if (await builtImage(place.folder)) return ready;
  await mkdir(dirname(place.lock), { recursive: true });
  const lock = await FileLock.take(place.lock, LOCK_LIMIT_MS, () =>
    onStep('waiting for another build of it'),
  );
  try {
    if (!(await builtImage(place.folder))) await build(recipe, place, onStep, signal);
  } finally {
    lock.release();
  }
  return ready;
}

/** A root filesystem as a tar, for whatever imports it: names and ids as inside. */
export function tarOf({ rootfs }: ReadyImage): Readable {
  const tar = spawn('tar', ['--create', '--numeric-owner', '--one-file-system', '--directory', rootfs, '.'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Its output ends before it is known how it ended, and a part of a tar is none.
  const whole = tar.stdout.pipe(new PassThrough(), { end: false });
  let complaint = '';
  tar.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  tar.on('error', (error) => whole.destroy(error));
  tar.on('close', (code) => {
    if (code === 0) whole.end();
    else whole.destroy(new Error(`tar of ${rootfs} ended with ${code}: ${complaint.trim()}`));
  });
  return whole;
}
