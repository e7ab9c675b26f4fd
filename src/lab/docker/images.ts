import { DeadairError, ExitCode } from '../../base/errors.js';
import { nearest } from '../../base/nearest.js';
import type { PlannedImage } from '../../plan/planned-node.js';
import { buildFolder } from './build-folder.js';
import { engineMessage, isThere, type Engine } from './engine.js';
import { progressOf } from './progress.js';
import { importRecipe } from './recipe.js';
import { loadTarball } from './tarball.js';

/** An image in the engine. */
export interface EngineImage {
  /** Its id: a tag may move while a run lasts. */
  id: string;
  isRecipe: boolean;
  /** It says by itself whether it is well. */
  hasHealthcheck: boolean;
  /** It has a program of its own. */
  hasProgram: boolean;
}

/** How an image is called, for people. */
function imageText(image: PlannedImage): string {
  switch (image.kind) {
    case 'recipe':
      return image.recipe.name;
    case 'reference':
      return image.reference;
    case 'tarball':
      return image.file;
    case 'build-folder':
      return image.folder;
  }
}

/**
 * Gets an image into the engine, if it isn't there, by whatever way it comes.
 * @throws IMAGE_NOT_FOUND, IMAGE_NOT_BUILT, IMAGE_UNREADABLE, IMAGE_OTHER_PROCESSOR (exit 3)
 */
export async function provideImage(
  engine: Engine,
  image: PlannedImage,
  say: (what: string) => void,
): Promise<EngineImage> {
  const name = await nameInEngine(engine, image, say);
  const { Id, Architecture, Config } = await engine.docker.getImage(name).inspect();
  if (Architecture !== engine.architecture)
    throw new DeadairError(
      'IMAGE_OTHER_PROCESSOR',
      `the image ${imageText(image)} is for ${Architecture}, and this machine is ${engine.architecture}.`,
      {
        exitCode: ExitCode.labFailed,
        fix: `Take one for ${engine.architecture}: docker pull --platform linux/${engine.architecture}.`,
      },
    );
  const { Entrypoint, Cmd, Healthcheck } = Config as typeof Config & { Healthcheck?: { Test?: string[] } };
  return {
    id: Id,
    isRecipe: image.kind === 'recipe',
    hasHealthcheck: (Healthcheck?.Test?.[0] ?? 'NONE') !== 'NONE',
    hasProgram: [Entrypoint ?? [], Cmd ?? []].flat().length > 0,
  };
}

async function nameInEngine(
  engine: Engine,
  image: PlannedImage,
  say: (what: string) => void,
): Promise<string> {
  switch (image.kind) {
    case 'recipe':
      return await importRecipe(engine, image.recipe, say);
    case 'tarball':
      return await loadTarball(engine, image.file, say);
    case 'build-folder':
      return await buildFolder(engine, image.folder, say);
    case 'reference':
      if (!(await isThere(engine.docker, image.reference))) await pull(engine, image.reference, say);
      return image.reference;
  }
}

async function pull({ docker }: Engine, reference: string, say: (what: string) => void): Promise<void> {
  say(`pulling ${reference}`);
  try {
    await progressOf(docker, await docker.pull(reference));
  } catch (error) {
    const tags = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    const near = nearest(reference, tags);
    const there = near === null ? `It has ${tags.sort().join(', ') || 'none'}.` : `Did you mean "${near}"?`;
    throw new DeadairError(
      'IMAGE_NOT_FOUND',
      `the engine has no image ${reference}, and can't pull it: ${engineMessage(error)}.`,
      {
        exitCode: ExitCode.labFailed,
        fix: `${there} An image can also be a ./tarball.tar, a ./folder/ with a Dockerfile, or a recipe of lab/images.`,
        cause: error,
      },
    );
  }
}
