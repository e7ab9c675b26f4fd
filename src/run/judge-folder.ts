import { writeFile } from 'node:fs/promises';
import { decisionsIn } from '../evidence/decisions.js';
import { loadEvidence } from '../evidence/load.js';
import { startHearing } from '../measures/audio.js';
import { measure } from '../measures/index.js';
import { readJournal, readPlan } from '../evidence/run-files.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { judge } from '../verdict/judge.js';
import type { ScenarioResult } from '../verdict/types.js';

/** From a scenario's folder to its verdict, offline: the same folder gives the same result, however often. */
export async function judgeFolder(folder: string): Promise<ScenarioResult> {
  const [plan, journal, evidence] = await Promise.all([
    readPlan(folder),
    readJournal(folder),
    loadEvidence(folder),
  ]);
  const measures = await measure(
    plan,
    journal,
    evidence,
    await startHearing(folder),
    decisionsIn(folder, journal),
  );
  const result = judge(plan, journal, evidence, measures);
  await writeFile(scenarioFiles(folder).result, JSON.stringify(result, null, 1));
  return result;
}
