import { execa } from 'execa';
import { DeadairError, ExitCode } from '../../base/errors.js';
import { engineMessage, type Engine } from './engine.js';
import { progressOf, type Progress } from './progress.js';

const TAIL_LINES = 15;

/**
 * Builds a folder that has a Dockerfile, as `docker build` does; the engine caches what hasn't changed. Gives the id.
 * @throws IMAGE_NOT_BUILT with the end of its output (exit 3)
 */
export async function buildFolder(
  { docker }: Engine,
  folder: string,
  say: (what: string) => void,
): Promise<string> {
  say(`building ${folder}`);
  const told: Progress[] = [];
  try {
    const context = execa('tar', ['-C', folder, '-cf', '-', '.'], { buffer: false });
    // Waited for after the engine, which may take minutes.
    context.catch(() => undefined);
    const answer = await docker.buildImage(context.stdout, { rm: true, forcerm: true });
    await progressOf(docker, answer, told);
    await context;
  } catch (error) {
    const output = told.map(({ stream = '' }) => stream).join('');
    const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    throw new DeadairError('IMAGE_NOT_BUILT', `${folder}: ${engineMessage(error)}\n${tail}`.trimEnd(), {
      exitCode: ExitCode.labFailed,
      fix: `Try it by itself: docker build ${folder}`,
      cause: error,
    });
  }
  const id = told.map(({ aux }) => aux?.ID).findLast((one) => one !== undefined);
  if (id === undefined) throw new Error(`the engine built ${folder} and told no image`);
  return id;
}
