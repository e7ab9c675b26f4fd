import { parentPort, workerData } from 'node:worker_threads';
import { isFalselyOneWay } from './hearing-clean.js';
import { scoreCall } from './hearing-score.js';

/** Which calls this thread makes: every `step`th from `first`, of those scored and those that are clean. */
export interface Share {
  seed: number;
  first: number;
  step: number;
  calls: number;
  cleanCalls: number;
}

const { seed, first, step, calls, cleanCalls } = workerData as Share;
for (let n = first; n < calls; n += step) parentPort?.postMessage({ score: scoreCall(n, seed) });
for (let n = first; n < cleanCalls; n += step) parentPort?.postMessage({ clean: isFalselyOneWay(n, seed) });
