import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DeadairError, ExitCode } from '../../base/errors.js';
import { FileLock } from '../../base/linux/file-lock.js';
import { builtImage, buildFolder, placeNamed, type BuiltImage, type CachedImage } from './cache.js';
import type { EnsureOptions, ReadyImage } from './ensure.js';

/** Another process may be unpacking it. */
const LOCK_LIMIT_MS = 10 * 60_000;

/**
 * The root filesystem that a tarball holds, unpacked beside the images that recipes make, once for as long as the file is
 * the same: by its place, size and time.
 * @throws IMAGE_UNREADABLE (exit 3) if it is no tar of a root filesystem
 */
export async function ensureTarball(
  file: string,
  { onStep = () => undefined }: Pick<EnsureOptions, 'onStep'> = {},
): Promise<ReadyImage> {
  const { size, mtimeMs } = await stat(file);
  const hash = createHash('sha256')
    .update(JSON.stringify([file, size, mtimeMs]))
    .digest('hex')
    .slice(0, 16);
  const place = placeNamed('tarball', hash);
  const ready = { rootfs: place.rootfs, hash };
  if (await builtImage(place.folder)) return ready;
  await mkdir(dirname(place.lock), { recursive: true });
  const lock = await FileLock.take(place.lock, LOCK_LIMIT_MS, () => onStep('waiting until it is unpacked'));
  try {
    if (!(await builtImage(place.folder))) {
      onStep('unpacking');
      await unpack(file, place);
    }
  } finally {
    lock.release();
  }
  return ready;
}

async function unpack(file: string, place: CachedImage): Promise<void> {
  const startMs = performance.now();
  const building = await buildFolder(place);
  const rootfs = join(building, 'rootfs');
  await mkdir(rootfs);
  try {
    const options = ['--numeric-owner', '--preserve-permissions', '--exclude=./dev/*', '--exclude=dev/*'];
    const { failed, stderr } = await execa('tar', ['-C', rootfs, ...options, '-xf', file], { reject: false });
    if (failed) throw unreadable(file, stderr.split('\n')[0] ?? '');
    if (existsSync(join(rootfs, 'manifest.json')) && !existsSync(join(rootfs, 'etc')))
      throw unreadable(file, 'it has the layers that "docker save" writes');
    const image: BuiltImage = {
      ...{ name: place.name, hash: place.hash, suite: 'tarball', bytes: (await stat(file)).size },
      ...{ builtAt: new Date().toISOString(), buildMs: Math.round(performance.now() - startMs) },
    };
    await writeFile(join(building, 'image.json'), JSON.stringify(image, null, 1));
    await rename(building, place.folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error;
  }
}

const unreadable = (file: string, why: string) =>
  new DeadairError('IMAGE_UNREADABLE', `${file} is no root filesystem that netns can take: ${why}.`, {
    exitCode: ExitCode.labFailed,
    fix: 'Give it a tar of one, such as "docker export" writes of a container, or use --runtime docker.',
  });
