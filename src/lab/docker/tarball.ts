import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DeadairError, ExitCode } from '../../base/errors.js';
import { engineMessage, isThere, type Engine } from './engine.js';
import { progressOf } from './progress.js';

/**
 * Gets a tarball into the engine: what `docker save` wrote as it is, anything else as a root filesystem. Gives its name
 * there; a file that is there by its content already is not read in again.
 * @throws IMAGE_UNREADABLE (exit 3)
 */
export async function loadTarball(
  engine: Engine,
  file: string,
  say: (what: string) => void,
): Promise<string> {
  const saved = await savedImage(file);
  if (saved === null) return await importFile(engine, file, say);
  if (await isThere(engine.docker, saved)) return saved;
  say(`loading ${file}`);
  try {
    await progressOf(engine.docker, await engine.docker.loadImage(file));
  } catch (error) {
    throw unreadable(file, engineMessage(error), error);
  }
  return saved;
}

async function importFile({ docker }: Engine, file: string, say: (what: string) => void): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const repo = 'deadair/tarball';
  const tag = hash.digest('hex').slice(0, 16);
  if (await isThere(docker, `${repo}:${tag}`)) return `${repo}:${tag}`;
  say(`importing ${file}`);
  try {
    await progressOf(docker, await docker.importImage(file, { repo, tag }));
  } catch (error) {
    throw unreadable(file, engineMessage(error), error);
  }
  return `${repo}:${tag}`;
}

/** Id of the image in what `docker save` wrote; null for another tarball. */
async function savedImage(file: string): Promise<string | null> {
  const manifest = await execa('tar', ['-xOf', file, 'manifest.json'], { reject: false });
  if (manifest.exitCode !== 0) {
    const { exitCode, stderr } = await execa('tar', ['-tf', file], { reject: false, stdout: 'ignore' });
    if (exitCode !== 0) throw unreadable(file, stderr.split('\n')[0] ?? '');
    return null;
  }
  const [first] = JSON.parse(manifest.stdout) as { Config?: string }[];
  // `<id>.json`, or `blobs/sha256/<id>` from newer engines.
  const [id] = /[0-9a-f]{64}/.exec(first?.Config ?? '') ?? [];
  if (id === undefined) throw unreadable(file, 'its manifest.json names no image');
  return `sha256:${id}`;
}

function unreadable(file: string, why: string, cause?: unknown): DeadairError {
  return new DeadairError('IMAGE_UNREADABLE', `${file} is no image that Docker can take: ${why}.`, {
    exitCode: ExitCode.labFailed,
    fix: 'It takes what "docker save" writes, or a tar of a root filesystem.',
    cause,
  });
}
