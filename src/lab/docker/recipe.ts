import type { ImageRecipe } from '../../scenario/load-images.js';
import { ensureImage, tarOf } from '../images/ensure.js';
import { isThere, type Engine } from './engine.js';
import { progressOf } from './progress.js';

/**
 * Builds a recipe's root filesystem, unless that is cached, and gives it to the engine, unless it has it already. Gives
 * its name there, which changes with everything that it is made from.
 * @throws IMAGE_NOT_BUILT (exit 3)
 */
export async function importRecipe(
  { docker }: Engine,
  recipe: ImageRecipe,
  say: (what: string) => void,
): Promise<string> {
  const ready = await ensureImage(recipe, { onStep: (step) => say(`image ${recipe.name}: ${step}`) });
  const repo = `deadair/${recipe.name}`;
  const name = `${repo}:${ready.hash}`;
  if (await isThere(docker, name)) return name;
  say(`image ${recipe.name}: importing it into Docker`);
  await progressOf(docker, await docker.importImage(tarOf(ready), { repo, tag: ready.hash }));
  return name;
}
