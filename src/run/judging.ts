import { Worker } from 'node:worker_threads';
import type { ScenarioResult } from '../verdict/types.js';

/** Judges a scenario's folder in a thread of its own: the main thread must keep the time of the labs that still run. */
export function judgeInThread(folder: string): Promise<ScenarioResult> {
  const worker = new Worker(new URL('./judge-worker.js', import.meta.url), { workerData: { folder } });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the judging thread ended with ${code} and no result`)));
  });
}
