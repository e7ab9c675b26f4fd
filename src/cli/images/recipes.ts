import { join } from 'node:path';
import { DeadairError, ExitCode } from '../../base/errors.js';
import { suggestion } from '../../base/nearest.js';
import { InputErrors } from '../../scenario/input-errors.js';
import { findRecipe, loadRecipe, recipeNames, type ImageRecipe } from '../../scenario/load-images.js';
import { labRoots } from '../../scenario/load-lab.js';

/** Recipes by name as a scenario in this folder finds them; all of them without names. @throws InputErrors, IMAGE_UNKNOWN (exit 64) */
export function recipes(names: readonly string[] = []): ImageRecipe[] {
  const roots = labRoots(join(process.cwd(), 'scenario.yaml'));
  const known = recipeNames(roots);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new DeadairError('IMAGE_UNKNOWN', `there is no image "${unknown}" in lab/images.`, {
      exitCode: ExitCode.badInput,
      fix: suggestion(unknown, known, 'recipes'),
    });
  const loaded = (names.length > 0 ? names : known).map((name) => loadRecipe(findRecipe(name, roots) ?? ''));
  const errors = loaded.flatMap((one) => ('errors' in one ? one.errors : []));
  if (errors.length > 0) throw new InputErrors(errors);
  return loaded.flatMap((one) => ('recipe' in one ? [one.recipe] : []));
}
