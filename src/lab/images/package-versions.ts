import { execa } from 'execa';
import type { ImageRecipe } from '../../scenario/load-images.js';
import { placeOf } from './cache.js';

/** Versions of a built image's own packages by their names; none if it isn't built. */
export async function packageVersions(recipe: ImageRecipe): Promise<Record<string, string>> {
  const { rootfs } = await placeOf(recipe);
  const { stdout = '' } = await execa(
    'dpkg-query',
    [`--admindir=${rootfs}/var/lib/dpkg`, '--show', '--showformat=${Package} ${Version}\\n', ...recipe.packages],
    { reject: false, timeout: 5000 },
  );
  const lines = stdout.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(
    lines.flatMap(([name, version]) => (name && version ? [[name, `${version} (image ${recipe.name})`]] : [])),
  );
}
