import { parentPort } from 'node:worker_threads';
import { monotonicMs } from '../base/linux/clock.js';

/** Sleeps a little, over and over, and tells when it woke up late: what else has this priority did so too. */
const BEAT_MS = 10;
const LATE_MS = 50;

const nothing = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  const dueMs = monotonicMs() + BEAT_MS;
  Atomics.wait(nothing, 0, 0, BEAT_MS);
  const lateMs = monotonicMs() - dueMs;
  if (lateMs > LATE_MS) parentPort?.postMessage({ dueMs, lateMs } satisfies LateBeat);
}

/** A beat that came late: when it was due on the monotonic clock, and by how much. */
export interface LateBeat {
  dueMs: number;
  lateMs: number;
}
