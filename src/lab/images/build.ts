import { execa } from 'execa';
import { createWriteStream } from 'node:fs';
import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DeadairError, ExitCode, messageOf } from '../../base/errors.js';
import type { ImageRecipe } from '../../scenario/load-images.js';
import { buildFolder, type BuiltImage, type CachedImage } from './cache.js';
import { mirrorOf } from './mirror.js';
import { buildCommand } from './mmdebstrap.js';
import { notBuilt, notRoot } from './not-built.js';

/** A build that takes longer than this waits for something that won't come. */
const BUILD_LIMIT_MS = 15 * 60_000;
const PATH = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'];

/**
 * Builds an image beside its place, and moves it there when it's whole. For whoever holds its lock. The log of a build
 * that failed stays as `<image>.log`.
 * @throws IMAGE_NOT_BUILT, INTERRUPTED
 */
export async function build(
  recipe: ImageRecipe,
  place: CachedImage,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (process.getuid?.() !== 0) throw notRoot(recipe.name);
  const started = performance.now();
  const mirror = await mirrorOf(recipe);
  const building = await buildFolder(place);
  const rootfs = join(building, 'rootfs');
  const logFile = `${place.folder}.log`;
  try {
    await runBuild(recipe, buildCommand(recipe, mirror, rootfs), logFile, onStep, signal);
    await checkProvides(recipe, rootfs, logFile);
    const image: BuiltImage = {
      name: recipe.name,
      hash: place.hash,
      suite: mirror.suite,
      builtAt: new Date().toISOString(),
      buildMs: Math.round(performance.now() - started),
      bytes: await sizeOf(rootfs),
    };
    await writeFile(join(building, 'image.json'), JSON.stringify(image, null, 1));
    await rename(logFile, join(building, 'build.log'));
    // dpkg was told not to wait for the disk.
    await execa('sync', ['--file-system', building]);
    await rename(building, place.folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error instanceof DeadairError ? error : notBuilt(recipe.name, messageOf(error), [], logFile);
  }
}

async function runBuild(
  { name }: ImageRecipe,
  [file, ...args]: readonly [string, ...string[]],
  logFile: string,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const child = execa(file, args, {
    all: true,
    buffer: false,
    reject: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    timeout: BUILD_LIMIT_MS,
    cancelSignal: signal,
    killSignal: 'SIGKILL',
  });
  const lines: string[] = [];
  const log = createWriteStream(logFile);
  // On a full disk too what went wrong is told, from memory.
  log.on('error', () => undefined);
  for await (const line of createInterface({ input: child.all })) {
    lines.push(line);
    log.write(`${line}\n`);
    // mmdebstrap's "I: " lines are its steps.
    const step = /^I: (.*?)\.{3}$/.exec(line)?.[1];
    if (step !== undefined) onStep(step);
  }
  await new Promise<void>((resolve) => log.end(() => resolve()));
  const { failed, timedOut, shortMessage } = await child;
  if (signal.aborted)
    throw new DeadairError('INTERRUPTED', `the build of image ${name} was interrupted`, {
      exitCode: ExitCode.interrupted,
    });
  if (!failed) return;
  const what = timedOut ? `not built within ${BUILD_LIMIT_MS / 60_000} minutes` : 'its build failed';
  throw notBuilt(name, what, lines.length > 0 ? lines : [shortMessage ?? ''], logFile);
}

/** The recipe's promise: its programs are in the PATH of the image. */
async function checkProvides(
  { name, provides }: ImageRecipe,
  rootfs: string,
  logFile: string,
): Promise<void> {
  for (const program of provides) {
    // Links may lead to places that are right only inside.
    const found = await Promise.all(
      PATH.map((folder) => lstat(join(rootfs, folder, program)).catch(() => null)),
    );
    if (found.every((stats) => stats === null))
      throw notBuilt(name, `its packages bring no program "${program}", which it is to provide`, [], logFile);
  }
}

async function sizeOf(folder: string): Promise<number> {
  const { stdout } = await execa('du', ['-s', '--block-size=1', folder]);
  return Number(/^\d+/.exec(stdout)?.[0]);
}
