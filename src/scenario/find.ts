import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import { suggestion } from '../base/nearest.js';
import { InputErrors } from './input-errors.js';
import { loadScenario } from './load.js';
import type { LoadedScenario } from './load.js';

/**
 * Loads the scenarios of files and folders (searched for *.yaml and *.yml), in order of path, keeping those that have
 * one of `tags` (all if there are none), with the twins that are for one of them.
 * @throws InputErrors with everything that is wrong in any of them, or if none is left (exit 64).
 */
export function findScenarios(
  paths: readonly string[],
  options: { tags?: readonly string[] } = {},
): LoadedScenario[] {
  const errors: DeadairError[] = [];
  const collecting = <T>(load: () => T[]): T[] => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof InputErrors)) throw error;
      errors.push(...error.errors.filter((one) => !errors.some((other) => String(other) === String(one))));
      return [];
    }
  };
  const files = [...new Set(paths.flatMap((path) => collecting(() => scenarioFilesIn(path))))];
  const loaded = files.flatMap((file) => collecting(() => [loadScenario(file)]));
  errors.push(...sameNames(loaded));
  if (errors.length > 0) throw new InputErrors(errors);
  return withTags(loaded, options.tags ?? []);
}

function scenarioFilesIn(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputErrors([badInput('PATH_MISSING', `there is no file or folder "${path}".`)]);
  if (!stat.isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file) && !file.split('/').some((part) => part.startsWith('.')))
    .sort()
    .map((file) => join(path, file));
  if (files.length === 0)
    throw new InputErrors([badInput('SCENARIOS_MISSING', `the folder "${path}" has no scenarios (*.yaml).`)]);
  return files;
}

/** A scenario's name is its folder in the run folder, so two can't share one. */
function sameNames(loaded: LoadedScenario[]): DeadairError[] {
  return loaded.flatMap(({ scenario, source }, index) => {
    const first = loaded.findIndex((other) => other.scenario.name === scenario.name);
    if (first === index) return [];
    const what = `the name "${scenario.name}" is taken by ${loaded[first]?.file ?? ''}.`;
    return [source.error({ code: 'NAME_DUPLICATE', what, path: ['name'], at: 'value' })];
  });
}

function withTags(loaded: LoadedScenario[], tags: readonly string[]): LoadedScenario[] {
  if (tags.length === 0) return loaded;
  const tagged = loaded.filter(({ scenario }) => scenario.tags.some((tag) => tags.includes(tag)));
  if (tagged.length > 0) return tagged.map((one) => withTwinsOf(one, tags));
  const known = [...new Set(loaded.flatMap(({ scenario }) => scenario.tags))].sort();
  const fix = suggestion(tags[0] ?? '', known, 'tags');
  throw new InputErrors([badInput('TAG_UNKNOWN', `no scenario has the tag ${tags.join(' or ')}.`, fix)]);
}

/** A twin may be for some of the scenario's tags only. */
function withTwinsOf(loaded: LoadedScenario, tags: readonly string[]): LoadedScenario {
  const defects = loaded.scenario.defects.filter(
    (one) => one.tags?.some((tag) => tags.includes(tag)) ?? true,
  );
  return { ...loaded, scenario: { ...loaded.scenario, defects } };
}

function badInput(code: string, what: string, fix?: string): DeadairError {
  return new DeadairError(code, what, { exitCode: ExitCode.badInput, ...(fix === undefined ? {} : { fix }) });
}
