import { parentPort } from 'node:worker_threads';
import { listenToBoth } from '../measures/field/listening.js';
import type { Heard, SentTask } from './analyze-listeners.js';

/** Listens to the calls that it is sent, one after another. */
parentPort?.on('message', ({ id, task }: SentTask) => {
  const listened = listenToBoth(task);
  const { caller, callee } = listened.audio ?? {};
  const heard: Heard = { id, listened };
  parentPort?.postMessage(
    heard,
    [caller, callee].flatMap((audio) => (audio ? [audio.buffer as ArrayBuffer] : [])),
  );
});
