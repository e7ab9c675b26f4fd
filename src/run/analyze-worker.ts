import { parentPort } from 'node:worker_threads';
import { listenToBoth } from '../measures/field/listening.js';
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
  parentPort?.postMessage(
    heard,
    [caller, callee].flatMap((audio) => (audio ? [audio.buffer as ArrayBuffer] : [])),
  );
}
