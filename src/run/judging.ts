import { Worker } from 'node:worker_threads';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { withLimit } from '../base/limit.js';
import type { Plan } from '../plan/types.js';
import type { ScenarioResult } from '../verdict/types.js';
import { unjudged } from './unjudged.js';

const JUDGING_LIMIT_MS = 15 * 60_000;

/**
 * Judges a scenario's folder in a thread of its own: the main thread must keep the time of the labs that still run.
 * If the judge breaks down the result is invalid and says so; other scenarios' results stand.
 */
export async function judgeOrSay(plan: Plan, folder: string): Promise<ScenarioResult> {
  try {
    return await judgeInThread(folder);
  } catch (error) {
    const why = new DeadairError('JUDGE_FAILED', `it could not be judged: ${messageOf(error)}`, {
      exitCode: ExitCode.invalid,
      cause: error,
    });
    return unjudged(plan, why);
  }
}

async function judgeInThread(folder: string): Promise<ScenarioResult> {
  const worker = new Worker(new URL('./judge-worker.js', import.meta.url), { workerData: { folder } });
  const judged = new Promise<ScenarioResult>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the judging thread ended with ${code} and no result`)));
  });
  try {
    return await withLimit(`judging ${folder}`, JUDGING_LIMIT_MS, judged);
  } finally {
    await worker.terminate();
  }
}
