import { cleanCache } from '../../lab/images/clean.js';
import { placeOf } from '../../lab/images/cache.js';
import { recipes } from './recipes.js';

/** Says what it removed and what it left because somebody builds it. */
export async function cleanImages(all: boolean): Promise<void> {
  const kept = all ? [] : await Promise.all(recipes().map(placeOf));
  const { removed, busy } = await cleanCache(kept.map(({ folder }) => folder));
  for (const path of removed) console.log(`removed ${path}`);
  for (const path of busy) console.log(`left ${path}: it is being built`);
  if (removed.length + busy.length === 0) console.log('there is nothing to remove');
}
