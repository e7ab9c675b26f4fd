import { readFile } from 'node:fs/promises';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { Plan } from '../plan/types.js';
import type { JournalEntry } from '../runfolder/journal.js';
import { scenarioFiles } from '../runfolder/layout.js';

/** The plan of a scenario's run. Throws RUN_FOLDER_UNREADABLE if it's missing or isn't one. */
export async function readPlan(scenarioFolder: string): Promise<Plan> {
  const path = scenarioFiles(scenarioFolder).plan;
  const plan = parsed(path, 1, await text(path));
  const wrong = planProblem(plan);
  if (wrong) throw unreadable(path, 1, wrong);
  return plan as Plan;
}

/**
 * The journal of a scenario's run, in order of writing. Throws RUN_FOLDER_UNREADABLE, with the line, if it's missing or
 * damaged.
 */
export async function readJournal(scenarioFolder: string): Promise<JournalEntry[]> {
  const path = scenarioFiles(scenarioFolder).journal;
  const entries: JournalEntry[] = [];
  for (const [index, line] of (await text(path)).split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parsed(path, index + 1, line);
    if (!isRecord(entry) || typeof entry.event !== 'string' || !Number.isFinite(entry.atMs))
      throw unreadable(path, index + 1, 'an entry needs "event" and a number "atMs"');
    if (entry.event === 'clock' && !Number.isFinite(entry.wallEpochMs))
      throw unreadable(path, index + 1, 'a clock entry needs a number "wallEpochMs"');
    entries.push(entry as unknown as JournalEntry);
  }
  return entries;
}

/** The error for a run folder that can't be judged. */
export function unreadable(file: string, line: number, what: string, cause?: unknown): DeadairError {
  return new DeadairError('RUN_FOLDER_UNREADABLE', what, {
    exitCode: ExitCode.badInput,
    place: { file, line, column: 1 },
    fix: 'Name the folder of a run that deadair wrote, whole.',
    cause,
  });
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, 1, `cannot be read: ${messageOf(error)}`, error);
  }
}

function parsed(path: string, line: number, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw unreadable(path, line, `is not JSON: ${messageOf(error)}`, error);
  }
}

/** Only what reading captures relies on; the plan was checked when it was made. */
function planProblem(plan: unknown): string | null {
  if (!isRecord(plan)) return 'a plan is an object';
  if (plan.schemaVersion !== 1)
    return `schemaVersion is ${JSON.stringify(plan.schemaVersion)}, 1 is what is read`;
  if (!isRecord(plan.lab) || !Array.isArray(plan.lab.nodes)) return 'the plan has no lab.nodes';
  const nodes: unknown[] = plan.lab.nodes;
  const broken = nodes.findIndex(
    (node) => !isRecord(node) || typeof node.name !== 'string' || !areInterfaces(node.interfaces),
  );
  return broken < 0
    ? null
    : `lab.nodes[${broken}] needs a name and interfaces with name, address and captured`;
}

function areInterfaces(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (entry) =>
        isRecord(entry) &&
        typeof entry.name === 'string' &&
        typeof entry.captured === 'boolean' &&
        (entry.address === null || typeof entry.address === 'string'),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
