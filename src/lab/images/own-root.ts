import type { PlannedNode } from '../../plan/planned-node.js';
import type { ImageRecipe } from '../../scenario/load-images.js';

/**
 * The recipe of the root that a node of netns has; null if it has the host's files. Packages of the host's own distribution
 * are on the host: the node has them from there.
 */
export const ownRoot = ({ image }: Pick<PlannedNode, 'image'>): ImageRecipe | null =>
  image?.kind === 'recipe' && image.recipe.suite !== 'host' ? image.recipe : null;
