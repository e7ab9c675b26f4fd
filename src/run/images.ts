import { ensureImage } from '../lab/images/ensure.js';
import { ownRoot } from '../lab/images/own-root.js';
import type { Plan } from '../plan/types.js';
import type { ScenarioLine } from '../report/live.js';
import type { ImageRecipe } from '../scenario/load-images.js';

/**
 * Builds what the plans need and isn't built yet, before anything starts: a build beside a lab would be measured in it.
 * The lines of the scenarios that wait for it show how it goes.
 * @throws IMAGE_NOT_BUILT (exit 3)
 */
export async function prepareImages(
  plans: readonly Plan[],
  lines: ReadonlyMap<Plan, ScenarioLine>,
  signal: AbortSignal,
): Promise<void> {
  const needed = new Map<string, { recipe: ImageRecipe; plans: Plan[] }>();
  for (const plan of plans)
    for (const recipe of recipesOf(plan)) {
      const key = JSON.stringify(recipe);
      const users = needed.get(key)?.plans ?? [];
      if (!users.includes(plan)) needed.set(key, { recipe, plans: [...users, plan] });
    }
  for (const { recipe, plans: waiting } of needed.values())
    await ensureImage(recipe, {
      onStep: (step) => {
        for (const plan of waiting) lines.get(plan)?.phase(`building image ${recipe.name}: ${step}`);
      },
      signal,
    });
}

const recipesOf = ({ runtime, lab }: Plan): ImageRecipe[] =>
  lab.nodes.flatMap((node) => {
    const recipe = runtime === 'docker' && node.image?.kind === 'recipe' ? node.image.recipe : ownRoot(node);
    return recipe ? [recipe] : [];
  });
