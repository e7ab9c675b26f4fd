import { ensureImage } from '../lab/images/ensure.js';
import { ownRoot } from '../lab/images/own-root.js';
import { ensureTarball } from '../lab/images/tarball.js';
import type { Plan } from '../plan/types.js';
import type { ScenarioLine } from '../report/live.js';
import type { ImageRecipe } from '../scenario/load-images.js';

/**
 * Builds what the plans need and isn't built yet, before anything starts: a build beside a lab would be measured in it.
 * The lines of the scenarios that wait for it show how it goes.
 * @throws IMAGE_NOT_BUILT, IMAGE_UNREADABLE (exit 3)
 */
export async function prepareImages(
  plans: readonly Plan[],
  lines: ReadonlyMap<Plan, ScenarioLine>,
  signal: AbortSignal,
): Promise<void> {
  await unpackTarballs(plans, lines);
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

/** netns unpacks tarballs beforehand; Docker takes them as they are. */
async function unpackTarballs(plans: readonly Plan[], lines: ReadonlyMap<Plan, ScenarioLine>): Promise<void> {
  for (const plan of plans.filter(({ runtime }) => runtime === 'netns'))
    for (const { image } of plan.lab.nodes)
      if (image?.kind === 'tarball')
        await ensureTarball(image.file, {
          onStep: (step) => lines.get(plan)?.phase(`${image.file}: ${step}`),
        });
}

const recipesOf = ({ runtime, lab }: Plan): ImageRecipe[] =>
  lab.nodes.flatMap((node) => {
    const recipe = runtime === 'docker' && node.image?.kind === 'recipe' ? node.image.recipe : ownRoot(node);
    return recipe ? [recipe] : [];
  });
