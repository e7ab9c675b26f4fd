import { setTimeout as delay } from 'node:timers/promises';
import type { ScratchNamespace } from '../scratch-namespace.js';

/** Whether there is an eth0 in it. */
export const hasInterface = (namespace: ScratchNamespace) =>
  /^\d+: eth0/m.test(namespace.run('ip', '-oneline', 'link'));

/** Waits for a condition; mocha's limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}
