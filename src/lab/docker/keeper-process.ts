import Docker from 'dockerode';
import { setTimeout as delay } from 'node:timers/promises';
import { KEEPER_DONE } from './keeper-protocol.js';
import { removeRun } from './leftovers.js';

/**
 * Outlives a run that was killed, and ends what it left to the Docker engine. Arguments: socket of the engine, name
 * of the run. Its standard input ends with the run, by whatever signal that ends; what still is being made by then turns
 * up a moment later, so it looks until nothing has turned up for a while.
 */
const QUIET_MS = 2000;
const LOOK_AGAIN_MS = 100;
const LIMIT_MS = 60_000;

process.title = 'deadair-keeper';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
const [socketPath = '', run = ''] = process.argv.slice(2);
let said = '';
for await (const chunk of process.stdin) said += String(chunk);
if (!said.includes(KEEPER_DONE)) await sweep(new Docker({ socketPath }));

async function sweep(docker: Docker): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  let quietSince = performance.now();
  while (performance.now() < deadline && performance.now() - quietSince < QUIET_MS) {
    const removed = await removeRun(docker, run).catch(() => 1);
    if (removed > 0) quietSince = performance.now();
    await delay(LOOK_AGAIN_MS);
  }
}
