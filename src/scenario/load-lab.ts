import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { messageOf } from '../base/errors.js';
import type { DeadairError } from '../base/errors.js';
import { packageFolder } from '../base/package.js';
import { checkLab } from './check-lab.js';
import { findingsOf } from './findings.js';
import { loadImages } from './load-images.js';
import type { Image } from './load-images.js';
import { labSchema } from './lab-schema.js';
import type { Lab } from './lab-schema.js';
import { readYaml } from './source.js';
import type { Finding, Source } from './source.js';

/** A lab with everything that its templates need: compiling it reads no file. */
export interface LoadedLab {
  /** Absolute. */
  folder: string;
  /** lab.yaml, as errors show it. */
  file: string;
  lab: Lab;
  /** Text of each config file, by its path as lab.yaml gives it. */
  configs: Record<string, string>;
  /** What each node's image is, by what lab.yaml calls it. */
  images: Record<string, Image>;
  /** lab.yaml, for errors that are found later. */
  source: Source;
}

/** Folders that may hold `lab/<name>`: those above the scenario's file, nearest first, then deadair's own. */
export function labRoots(scenarioFile: string): string[] {
  const roots = [...ancestors(dirname(resolve(scenarioFile))), packageFolder()];
  return roots.map((root) => join(root, 'lab')).filter((root) => existsSync(root));
}

/** Folder of the lab, or null. */
export function findLab(name: string, roots: readonly string[]): string | null {
  return roots.map((root) => join(root, name)).find((folder) => existsSync(join(folder, 'lab.yaml'))) ?? null;
}

export function labNames(roots: readonly string[]): string[] {
  const names = roots.flatMap((root) => readdirSync(root).filter((name) => findLab(name, [root]) !== null));
  return [...new Set(names)].sort();
}

/** Reads `lab.yaml` and the configs it names. Throws nothing: what is wrong is in `errors`. */
export function loadLab(folder: string): { lab: LoadedLab } | { errors: DeadairError[] } {
  const absolute = resolve(folder);
  const file = join(relative(process.cwd(), absolute), 'lab.yaml');
  const read = readYaml(file);
  if ('errors' in read) return read;
  const { source } = read;
  const broken = findingsOf(labSchema, source.data);
  if (broken.length > 0) return { errors: broken.map((finding) => source.error(finding)) };
  const lab = labSchema.parse(source.data);
  const configs: Record<string, string> = {};
  const {
    images,
    findings: imageFindings,
    errors,
  } = loadImages(lab, absolute, labRoots(join(absolute, 'lab.yaml')));
  const findings = [
    ...checkLab(lab, basename(absolute)),
    ...imageFindings,
    ...readConfigs(lab, absolute, configs),
  ];
  return findings.length + errors.length > 0
    ? { errors: [...inOrder(findings, source), ...errors] }
    : { lab: { folder: absolute, file, lab, configs, images, source } };
}

/** Errors in the order in which they stand in the file. */
export function inOrder(findings: Finding[], source: Source): DeadairError[] {
  return findings
    .map((finding) => source.error(finding))
    .sort(
      (a, b) =>
        (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
    );
}

/** Reads the texts that are rendered, and looks for the files that are taken as they are. */
function readConfigs(lab: Lab, folder: string, configs: Record<string, string>): Finding[] {
  const named = lab.nodes.flatMap((node, n) => [
    ...node.programs.flatMap((program, p) =>
      program.configs.map((file, c) => ({
        file,
        path: ['nodes', n, 'programs', p, 'configs', c],
        isText: true,
      })),
    ),
    ...Object.entries(node.files).map(([target, file]) => ({
      file,
      path: ['nodes', n, 'files', target],
      isText: file.endsWith('.hbs'),
    })),
  ]);
  return named.flatMap(({ file, path, isText }): Finding[] => {
    try {
      if (isText) configs[file] = readFileSync(join(folder, file), 'utf8');
      else statSync(resolve(folder, file));
      return [];
    } catch (error) {
      const what = `cannot read the ${isText ? 'config' : 'file'} "${file}": ${messageOf(error)}.`;
      return [{ code: 'CONFIG_UNREADABLE', what, path, at: 'value' }];
    }
  });
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
