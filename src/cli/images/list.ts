import { builtImage, placeOf } from '../../lab/images/cache.js';
import { recipes } from './recipes.js';

/** Prints a line an image, or JSON with sizes in bytes and times in ISO 8601. */
export async function listImages(json: boolean): Promise<void> {
  const rows = await Promise.all(
    recipes().map(async (recipe) => {
      const { hash, rootfs, folder } = await placeOf(recipe);
      const built = await builtImage(folder);
      const { name, description, suite, packages } = recipe;
      return { name, description, suite, packages, hash, built: built && { ...built, rootfs } };
    }),
  );
  if (json) return console.log(JSON.stringify(rows, null, 2));
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, description, suite, built } of rows) {
    const state = built
      ? `${(built.bytes / 1e6).toFixed(0)} MB, built ${ago(built.builtAt)} in ${(built.buildMs / 1000).toFixed(0)} s`
      : suite === 'host'
        ? 'not built; only docker needs it'
        : 'not built; built when a lab needs it';
    console.log(`${name.padEnd(width)}  ${description}\n${' '.repeat(width)}  ${state}`);
  }
}

function ago(time: string): string {
  const minutes = Math.round((Date.now() - Date.parse(time)) / 60_000);
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
