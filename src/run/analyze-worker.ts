import { parentPort } from 'node:worker_threads';
import { listenToBoth } from '../measures/field/listening.js';
import type { Heard, SentTask } from './analyze-listeners.js';

/** Listens to the calls that it is sent, one after another. */
parentPort?.on('message', ({ id, task }: SentTask) => {
  const streams = task.streams.map(({ bytes, ends, ...played }) => {
    const payload = Array.from(ends, (end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1]!, end));
    return { ...played, stream: { ...played.stream, payload } };
  });
  const listened = listenToBoth({ ...task, streams });
  const { caller, callee } = listened.audio ?? {};
  const audio = [caller, callee].flatMap((one) => (one ? [one.buffer as ArrayBuffer] : []));
  const heard: Heard = { id, listened };
  parentPort?.postMessage(heard, audio);
});
