import { parentPort, workerData } from 'node:worker_threads';
import { isFalselyOneWay } from './hearing-clean.js';
import { scoreCall, scoreOpusCall } from './hearing-score.js';

/** Which calls this thread makes: every `step`th from `first`, of those scored, those that are clean, and those with Opus. */
export interface Share {
  seed: number;
  first: number;
  step: number;
  calls: number;
  cleanCalls: number;
  opusCalls: number;
}

const { seed, first, step, calls, cleanCalls, opusCalls } = workerData as Share;
for (let n = first; n < calls; n += step) parentPort?.postMessage({ score: await scoreCall(n, seed) });
for (let n = first; n < cleanCalls; n += step)
  parentPort?.postMessage({ clean: await isFalselyOneWay(n, seed) });
for (let n = first; n < opusCalls; n += step) parentPort?.postMessage({ opus: await scoreOpusCall(n, seed) });
