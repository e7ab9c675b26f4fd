import { execa } from 'execa';
import type { Plan } from '../plan/types.js';
import { packageVersions } from './images/package-versions.js';
import { ownRoot } from './images/own-root.js';

/** Programs that tell their version by another option than --version. */
const VERSION_OPTIONS: Readonly<Record<string, string>> = { kamailio: '-v', sipp: '-v', ip: '-V' };
/** What every lab uses, besides the programs of its nodes. */
const ALWAYS = ['sipp', 'tcpdump', 'ip'];

/**
 * First line that names a version, by program; programs that don't tell one are left out. Of nodes with the files of an
 * image, the image's packages instead.
 */
export async function softwareVersions(plan: Plan): Promise<Record<string, string>> {
  const images = plan.lab.nodes.map((node) => ({ node, recipe: ownRoot(node) }));
  const ofImages = await Promise.all(images.flatMap(({ recipe }) => (recipe ? [packageVersions(recipe)] : [])));
  const onHost = images.flatMap(({ node, recipe }) => (recipe ? [] : node.programs));
  const programs = [...new Set([...ALWAYS, ...onHost.map(({ command }) => command[0] ?? '')])].sort();
  const versions = await Promise.all(
    programs.map(async (program) => [program, await versionOf(program)] as const),
  );
  const found = versions.filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.assign(Object.fromEntries(found), ...ofImages) as Record<string, string>;
}

/** The first line in which a program tells its version; null if it is missing or tells none. */
export async function versionOf(program: string): Promise<string | null> {
  const option = VERSION_OPTIONS[program] ?? '--version';
  const { all = '' } = await execa(program, [option], { all: true, reject: false, timeout: 5000 });
  return (
    all
      .split('\n')
      .find((line) => /\d+\.\d+/.test(line))
      ?.trim() ?? null
  );
}
