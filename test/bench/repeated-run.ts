import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { CallDetails } from '../../src/measures/details/types.js';
import { readResult, writeResult } from '../../src/report/json.js';
import { runFiles, scenarioFiles } from '../../src/runfolder/layout.js';
import type { ScenarioResult } from '../../src/verdict/types.js';

export const SCENARIOS = 25;
export const CALLS_IN_ONE = 200;

/**
 * Makes a run of many scenarios of a real one: its results over and over, under numbered ids, and what was kept for their calls'
 * pages; the first one has its own calls over and over, too. Gives how many calls there are in all.
 */
export async function repeatedRun(real: string, out: string): Promise<number> {
  const run = await readResult(real);
  const scenarios: ScenarioResult[] = [];
  for (let index = 0; index < SCENARIOS; index++) {
    const source = run.scenarios[index % run.scenarios.length];
    if (!source) throw new Error(`${real} has no scenario`);
    const path = scenarioFiles(runFiles(real).scenario(source.id)).callDetails;
    const details = JSON.parse(await readFile(path, 'utf8')) as CallDetails;
    const id = `${source.id}.${index + 1}`;
    const [calls, described] =
      index === 0 ? [over(source.calls), over(details.calls)] : [source.calls, details.calls];
    const files = scenarioFiles(runFiles(out).scenario(id));
    await mkdir(runFiles(out).scenario(id), { recursive: true });
    await writeFile(files.callDetails, JSON.stringify({ ...details, calls: described }));
    scenarios.push({ ...source, id, calls });
  }
  await writeResult(out, { ...run, scenarios });
  return scenarios.reduce((sum, { calls }) => sum + calls.length, 0);
}

/** As many as are wanted in one scenario, each with an id of its own. */
const over = <T extends { id: string }>(calls: readonly T[]): T[] =>
  Array.from({ length: CALLS_IN_ONE }, (_, index): T[] => {
    const call = calls[index % calls.length];
    return call ? [{ ...call, id: `${call.id}-${index}` }] : [];
  }).flat();
