import { readFile } from 'node:fs/promises';
import { DeadairError, ExitCode } from '../../base/errors.js';
import type { ImageRecipe } from '../../scenario/load-images.js';
import { aptSources, type AptSource } from './apt-sources.js';

/** What the machine's distribution calls itself: os-release(5). */
export interface Distribution {
  id: string;
  codename: string;
}

export async function hostDistribution(file = '/etc/os-release'): Promise<Distribution> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: value('ID'), codename: value('VERSION_CODENAME') };
}

/** Where a Debian mirror is when the machine's own sources have none. */
export const MIRROR_VARIABLE = 'DEADAIR_DEBIAN_MIRROR';

/** Suite and sources.list of a recipe's packages, taken from where the machine itself takes its packages. */
export interface Mirror {
  suite: string;
  lines: string[];
}

/** @throws IMAGE_NOT_BUILT (exit 3) if there is no mirror for the suite */
export async function mirrorOf(recipe: ImageRecipe): Promise<Mirror> {
  const [host, sources] = await Promise.all([hostDistribution(), aptSources()]);
  return chooseMirror(recipe, host, sources, process.env[MIRROR_VARIABLE]);
}

/** As mirrorOf, of what is known. `given`: a mirror of Debian that was named by the user. */
export function chooseMirror(
  { name, suite }: Pick<ImageRecipe, 'name' | 'suite'>,
  { id, codename }: Distribution,
  sources: readonly AptSource[],
  given: string | undefined,
): Mirror {
  const own = sources.filter(
    ({ uri, components }) => !uri.startsWith('cdrom:') && components.includes('main'),
  );
  if (suite === 'host') {
    const suites = ['', '-updates', '-security'].map((ending) => `${codename}${ending}`);
    const lines = own.filter((source) => suites.includes(source.suite)).map(lineOf);
    if (lines.length > 0) return { suite: codename, lines };
    throw noMirror(
      name,
      `${codename || 'its own distribution'}`,
      'deadair needs Debian or Ubuntu with its mirror there.',
    );
  }
  const uri = given ?? (id === 'debian' ? own.find((source) => source.suite === codename)?.uri : undefined);
  if (uri !== undefined) return { suite, lines: [`deb ${uri} ${suite} main`] };
  throw noMirror(name, `Debian ${suite}`, `Set ${MIRROR_VARIABLE} to the address of a Debian mirror.`);
}

const lineOf = ({ uri, suite, components, signedBy }: AptSource) =>
  `deb ${signedBy === null ? '' : `[signed-by=${signedBy}] `}${uri} ${suite} ${components.join(' ')}`;

const noMirror = (name: string, of: string, fix: string) =>
  new DeadairError('IMAGE_NOT_BUILT', `image ${name}: the machine's apt sources have no mirror of ${of}.`, {
    exitCode: ExitCode.labFailed,
    fix,
  });
