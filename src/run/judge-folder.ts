import { writeFile } from 'node:fs/promises';
import { decisionsIn } from '../evidence/decisions.js';
import { loadEvidence } from '../evidence/load.js';
import { startHearing } from '../measures/audio.js';
import { describeCalls } from '../measures/details/index.js';
import { measure } from '../measures/index.js';
import { readJournal, readPlan } from '../evidence/run-files.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { citationsOf } from '../verdict/citations.js';
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
  const files = scenarioFiles(folder);
  await writeFile(files.result, JSON.stringify(result, null, 1));
  const cited = citationsOf(result).map(({ ref }) => ref);
  const details = await describeCalls(folder, plan, evidence, measures.calls, cited);
  await writeFile(files.callDetails, JSON.stringify(details));
  return result;
}
