import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { DEAD_MAN } from './containers.js';
import { isThere, type Engine } from './engine.js';
import { progressOf } from './progress.js';
import { tarOf } from './tar-file.js';

/** Makes the image of the containers that hold a node's network, unless the engine has it: one file. Gives its name. */
export async function provideHolderImage({ docker }: Engine, program: Buffer): Promise<string> {
  const repo = 'deadair/holder';
  const tag = createHash('sha256').update(program).digest('hex').slice(0, 16);
  const name = `${repo}:${tag}`;
  if (await isThere(docker, name)) return name;
  const archive = Readable.from([tarOf(DEAD_MAN, program)], { objectMode: false });
  await progressOf(docker, await docker.importImage(archive, { repo, tag }));
  return name;
}
