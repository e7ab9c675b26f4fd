import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ImageRecipe } from '../../scenario/load-images.js';
import { hostDistribution } from './mirror.js';

/** Counts changes in how images are built: those that were built otherwise are built again. */
const BUILDER = 1;

/** Where an image is, or will be. */
export interface CachedImage {
  name: string;
  /** Of all that the image is made from; 16 hexadecimal digits. */
  hash: string;
  /** Holds `rootfs/`, `image.json` and `build.log` once it is built. */
  folder: string;
  rootfs: string;
  /** Held by whoever builds it. */
  lock: string;
}

/** What is known of a built image, in its `image.json`. */
export interface BuiltImage {
  name: string;
  hash: string;
  suite: string;
  builtAt: string;
  buildMs: number;
  /** On the disk. */
  bytes: number;
}

/** `${XDG_CACHE_HOME:-~/.cache}/deadair/images` */
export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'deadair', 'images');

/** In the cache's folder, beside the images. */
export const LOCKS = 'locks';

/** The file that whoever builds `<name>-<hash>` has locked. It is never removed: somebody may be waiting for it. */
export const lockOf = (image: string): string => join(cacheFolder(), LOCKS, image);

/** The place of a recipe's image: another recipe, suite or architecture is another place. */
export async function placeOf(recipe: ImageRecipe): Promise<CachedImage> {
  const { name, suite, packages, provides, setup } = recipe;
  const of = suite === 'host' ? Object.values(await hostDistribution()) : [suite];
  const parts = [BUILDER, process.arch, of, packages, provides, setup];
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return placeNamed(name, hash);
}

/** The place of an image by its name and hash. */
export function placeNamed(name: string, hash: string): CachedImage {
  const folder = join(cacheFolder(), `${name}-${hash}`);
  return { name, hash, folder, rootfs: join(folder, 'rootfs'), lock: lockOf(`${name}-${hash}`) };
}

/** What is known of an image; null if it isn't built. */
export async function builtImage(folder: string): Promise<BuiltImage | null> {
  const text = await readFile(join(folder, 'image.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as BuiltImage);
}

/** A new folder beside an image's place, for building it; folders that a killed build left there are removed. */
export async function buildFolder({ folder }: CachedImage): Promise<string> {
  await removeLeftovers(folder);
  const building = `${folder}.building-${process.pid}`;
  await mkdir(building, { recursive: true });
  return building;
}

/** Only for whoever holds the image's lock. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(cacheFolder()).catch(() => [])) {
    const path = join(cacheFolder(), name);
    if (path.startsWith(`${folder}.building-`)) await rm(path, { recursive: true, force: true });
  }
}
