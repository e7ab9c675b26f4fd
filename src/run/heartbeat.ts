import { Worker } from 'node:worker_threads';
import type { LateBeat } from './heartbeat-worker.js';

/** Watches whether the machine keeps up with the labs. */
export interface Heartbeat extends AsyncDisposable {
  /** Beats that came late since a moment on the monotonic clock. */
  lateSince(monotonicMs: number): LateBeat[];
}

export function startHeartbeat(): Heartbeat {
  const worker = new Worker(new URL('./heartbeat-worker.js', import.meta.url));
  const late: LateBeat[] = [];
  worker.on('message', (beat: LateBeat) => late.push(beat));
  worker.unref();
  return {
    lateSince: (monotonicMs) => late.filter(({ dueMs }) => dueMs >= monotonicMs),
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
