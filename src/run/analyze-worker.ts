import { parentPort } from 'node:worker_threads';
import { listenToBoth, packetsOf } from '../measures/field/listening.js';
import type { Heard, SentTask } from './analyze-listeners.js';

let last: Promise<void> = Promise.resolve();

/** Listens to the calls that it is sent, one after another. */
parentPort?.on('message', (sent: SentTask) => {
  last = last.then(() => answer(sent));
});

async function answer({ id, task }: SentTask): Promise<void> {
  const listened = await listenToBoth(task);
  const { caller, callee } = listened.audio ?? {};
  const heard: Heard = { id, listened };
  const audio = [caller, callee].flatMap((one) => (one ? [one.buffer as ArrayBuffer] : []));
  parentPort?.postMessage(heard, [...packetsOf(listened), ...audio]);
}
