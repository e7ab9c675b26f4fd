import { parentPort } from 'node:worker_threads';
import { listenToBoth } from '../measures/field/listening.js';
import { packetsOf, type Heard, type SentTask } from './analyze-listeners.js';

/** Listens to the calls that it is sent, one after another. */
parentPort?.on('message', ({ id, task }: SentTask) => {
  const listened = listenToBoth(task);
  const { caller, callee } = listened.audio ?? {};
  const heard: Heard = { id, listened };
  const audio = [caller, callee].flatMap((one) => (one ? [one.buffer as ArrayBuffer] : []));
  parentPort?.postMessage(heard, [...packetsOf(listened), ...audio]);
});
