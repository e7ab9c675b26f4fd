import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { messageOf } from '../base/errors.js';
import type { DeadairError } from '../base/errors.js';
import { suggestion } from '../base/nearest.js';
import type { Item } from './draft.js';
import { findingsOf } from './findings.js';
import { inOrder, labRoots } from './load-lab.js';
import { checkProfile, profileSchema } from './profile-schema.js';
import type { Profile } from './profile-schema.js';
import type { TimelineEntry } from './schema.js';
import { readYaml } from './source.js';
import type { Finding } from './source.js';

/** The profiles and traces of a timeline, by what entries call them: compiling them reads no file. */
export interface LoadedCourses {
  profiles: Record<string, { file: string; profile: Profile }>;
  /** Not parsed yet. */
  traces: Record<string, { file: string; text: string }>;
}

/** Reads what the timeline's entries name. Throws nothing: what is wrong is in `findings` (of the scenario) and `errors`. */
export function loadCourses(
  timeline: readonly Item<TimelineEntry>[],
  scenarioFile: string,
): { courses: LoadedCourses; findings: Finding[]; errors: DeadairError[] } {
  const courses: LoadedCourses = { profiles: {}, traces: {} };
  const findings: Finding[] = [];
  const errors: DeadairError[] = [];
  for (const { index, value } of timeline) {
    if (!('impair' in value)) continue;
    const { profile, trace } = value;
    if (trace !== undefined) {
      const file = join(dirname(scenarioFile), trace);
      try {
        courses.traces[trace] = { file, text: readFileSync(file, 'utf8') };
      } catch (error) {
        findings.push({
          code: 'TRACE_UNREADABLE',
          what: `cannot read the trace "${trace}": ${messageOf(error)}.`,
          path: ['timeline', index, 'trace'],
          at: 'value',
        });
      }
    }
    if (profile === undefined || Object.hasOwn(courses.profiles, profile)) continue;
    const file = findProfile(profile, scenarioFile);
    if (file === null)
      findings.push({
        code: 'PROFILE_UNKNOWN',
        what: `there is no profile "${profile}".`,
        fix: suggestion(profile, profileNames(profileFolders(scenarioFile)), 'profiles'),
        path: ['timeline', index, 'profile'],
        at: 'value',
      });
    else {
      const loaded = loadProfile(file);
      if ('errors' in loaded) errors.push(...loaded.errors);
      else courses.profiles[profile] = { file, profile: loaded.profile };
    }
  }
  return { courses, findings, errors };
}

/** Reads one profile. Throws nothing: what is wrong is in `errors`. */
export function loadProfile(file: string): { profile: Profile } | { errors: DeadairError[] } {
  const read = readYaml(file);
  if ('errors' in read) return read;
  const { source } = read;
  const broken = findingsOf(profileSchema, source.data);
  if (broken.length > 0) return { errors: inOrder(broken, source) };
  const profile = profileSchema.parse(source.data);
  const findings = checkProfile(profile, file);
  return findings.length > 0 ? { errors: inOrder(findings, source) } : { profile };
}

/** Names of the ready profiles in these folders. */
export const profileNames = (folders: readonly string[]): string[] =>
  [...new Set(folders.flatMap((folder) => readdirSync(folder)))]
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace(/\.yaml$/, ''))
    .sort();

/** Folders `lab/profiles` above the scenario, nearest first, then deadair's own. */
const profileFolders = (scenarioFile: string): string[] =>
  labRoots(scenarioFile)
    .map((root) => join(root, 'profiles'))
    .filter((folder) => existsSync(folder));

/** A name is looked for among the ready ones; anything with a slash or an ending is a file beside the scenario. */
function findProfile(profile: string, scenarioFile: string): string | null {
  const candidates = /[/.]/.test(profile)
    ? [join(dirname(scenarioFile), profile)]
    : profileFolders(scenarioFile).map((folder) => join(folder, `${profile}.yaml`));
  const found = candidates.find((file) => existsSync(file));
  return found === undefined ? null : relative(process.cwd(), resolve(found));
}
