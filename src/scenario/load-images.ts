import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { DeadairError } from '../base/errors.js';
import { suggestion } from '../base/nearest.js';
import { findingsOf } from './findings.js';
import { imageSchema } from './image-schema.js';
import type { Lab } from './lab-schema.js';
import { readYaml } from './source.js';
import type { Finding } from './source.js';

/** An image as a list of distribution packages: `lab/images/<name>/image.yaml`. */
export interface ImageRecipe {
  name: string;
  description: string;
  /** `host`: packages of the host's own distribution, which netns runs from the host; otherwise Debian's suite. */
  suite: 'host' | 'unstable';
  packages: string[];
  /** Programs that are in its PATH once it is built. */
  provides: string[];
  /** A shell script run in it as root once its packages are there; null for none. */
  setup: string | null;
}

/** What the files of a node are. */
export type Image =
  | { kind: 'recipe'; recipe: ImageRecipe }
  /** As Docker names it, such as `freepbx:17`. */
  | { kind: 'reference'; reference: string }
  /** A tarball of an image, or a folder with a Dockerfile; absolute paths. */
  | { kind: 'tarball'; file: string }
  | { kind: 'build-folder'; folder: string };

/** The images of a lab's nodes by what the nodes call them. Throws nothing: what is wrong is in `findings` (of lab.yaml) and `errors`. */
export function loadImages(
  lab: Lab,
  folder: string,
  roots: readonly string[],
): { images: Record<string, Image>; findings: Finding[]; errors: DeadairError[] } {
  const images: Record<string, Image> = {};
  const findings: Finding[] = [];
  const errors: DeadairError[] = [];
  const broken = new Set<string>();
  for (const [index, { image }] of lab.nodes.entries()) {
    if (image === undefined || Object.hasOwn(images, image) || broken.has(image)) continue;
    const found = imageOf(image, folder, roots);
    if ('image' in found) images[image] = found.image;
    else if ('errors' in found) {
      errors.push(...found.errors);
      broken.add(image);
    } else findings.push({ ...found.finding, path: ['nodes', index, 'image'], at: 'value' });
  }
  return { images, findings, errors };
}

type Found =
  { image: Image } | { errors: DeadairError[] } | { finding: Pick<Finding, 'code' | 'what' | 'fix'> };

/** A path begins with ./ or ../ or /; a Docker reference has a : or a / in it; anything else is a recipe. */
function imageOf(image: string, folder: string, roots: readonly string[]): Found {
  if (/^\.{0,2}\//.test(image)) return imageAt(image, resolve(folder, image));
  if (/[:/]/.test(image)) return { image: { kind: 'reference', reference: image } };
  const recipe = findRecipe(image, roots);
  if (recipe === null) {
    const fix = `${suggestion(image, recipeNames(roots), 'recipes')} An image of a Docker engine has its tag with it: ${image}:latest.`;
    return { finding: { code: 'IMAGE_UNKNOWN', what: `there is no image "${image}" in lab/images.`, fix } };
  }
  const loaded = loadRecipe(recipe);
  return 'errors' in loaded ? loaded : { image: { kind: 'recipe', recipe: loaded.recipe } };
}

function imageAt(image: string, path: string): Found {
  const problem = (what: string, fix: string): Found => ({
    finding: { code: 'IMAGE_UNREADABLE', what, fix },
  });
  if (!existsSync(path))
    return problem(`there is no ${image} beside lab.yaml.`, 'Paths begin at the folder of lab.yaml.');
  if (!statSync(path).isDirectory()) return { image: { kind: 'tarball', file: path } };
  return existsSync(join(path, 'Dockerfile'))
    ? { image: { kind: 'build-folder', folder: path } }
    : problem(`the folder ${image} has no Dockerfile.`, 'An image is built from a folder with a Dockerfile.');
}

/** Names of all recipes in these `lab` folders. */
export function recipeNames(roots: readonly string[]): string[] {
  const folders = roots.map((root) => join(root, 'images')).filter((folder) => existsSync(folder));
  const names = folders
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => findRecipe(name, roots) !== null);
  return [...new Set(names)].sort();
}

/** The file of a recipe, in the first of the `lab` folders that has it; or null. */
export function findRecipe(name: string, roots: readonly string[]): string | null {
  const files = roots.map((root) => join(root, 'images', name, 'image.yaml'));
  return files.find((file) => existsSync(file)) ?? null;
}

/** Reads one recipe. Throws nothing: what is wrong is in `errors`. */
export function loadRecipe(path: string): { recipe: ImageRecipe } | { errors: DeadairError[] } {
  const read = readYaml(relative(process.cwd(), resolve(path)));
  if ('errors' in read) return read;
  const { source } = read;
  const broken = findingsOf(imageSchema, source.data);
  if (broken.length > 0) return { errors: broken.map((finding) => source.error(finding)) };
  const { description, suite, packages, provides, setup } = imageSchema.parse(source.data);
  return {
    recipe: { name: basename(dirname(path)), description, suite, packages, provides, setup: setup ?? null },
  };
}
