import { suggestion } from '../base/nearest.js';
import type { DeadairError } from '../base/errors.js';
import { checkExpect } from './check-expect.js';
import { checkNames } from './check-names.js';
import { checkTimeline } from './check-timeline.js';
import { draftOf } from './draft.js';
import { findingsOf } from './findings.js';
import { InputErrors } from './input-errors.js';
import { loadCourses } from './load-courses.js';
import type { LoadedCourses } from './load-courses.js';
import { findLab, inOrder, labNames, labRoots, loadLab } from './load-lab.js';
import type { LoadedLab } from './load-lab.js';
import { scenarioSchema } from './schema.js';
import type { Scenario } from './schema.js';
import { readYaml } from './source.js';
import type { Finding, Source } from './source.js';

/** A scenario that was found valid, with its lab. */
export interface LoadedScenario {
  /** As the user named it. */
  file: string;
  scenario: Scenario;
  lab: LoadedLab;
  courses: LoadedCourses;
  /** The file, for errors that are found later. */
  source: Source;
}

/**
 * Reads a scenario and its lab.
 * @throws InputErrors with everything that is wrong in the file (exit 64); each error at file:line:col.
 */
export function loadScenario(file: string): LoadedScenario {
  const read = readYaml(file);
  if ('errors' in read) throw new InputErrors(read.errors);
  const { source } = read;
  const findings = findingsOf(scenarioSchema, source.data);
  const draft = draftOf(source.data, findings);
  const lab = draft.lab === undefined ? null : labOf(draft.lab, file);
  const { courses, findings: courseFindings, errors: courseErrors } = loadCourses(draft.timeline, file);
  findings.push(...courseFindings);
  const elsewhere: DeadairError[] = [...(lab && 'errors' in lab ? lab.errors : []), ...courseErrors];
  if (lab && 'finding' in lab) findings.push(lab.finding);
  if (lab && 'lab' in lab)
    findings.push(
      ...checkNames(draft, lab.lab.lab),
      ...checkTimeline(draft, lab.lab.lab),
      ...checkExpect(draft, lab.lab.lab),
    );
  const errors = [...inOrder(findings, source), ...elsewhere];
  if (errors.length > 0 || !lab || !('lab' in lab)) throw new InputErrors(errors);
  return { file, scenario: scenarioSchema.parse(source.data), lab: lab.lab, courses, source };
}

function labOf(
  name: string,
  file: string,
): { lab: LoadedLab } | { errors: DeadairError[] } | { finding: Finding } {
  const roots = labRoots(file);
  const folder = findLab(name, roots);
  if (folder !== null) return loadLab(folder);
  const fix = suggestion(name, labNames(roots), 'labs');
  return {
    finding: { code: 'LAB_UNKNOWN', what: `there is no lab "${name}".`, fix, path: ['lab'], at: 'value' },
  };
}
