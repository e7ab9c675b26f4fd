import { openEngine } from '../lab/docker/engine.js';
import { openDocker, type DockerOptions } from '../lab/docker/runtime.js';
import { netnsRuntime } from '../lab/netns.js';
import type { Runtime } from '../lab/runtime.js';
import type { Plan } from '../plan/types.js';

/** What the plans of a run need to run in. */
export interface Runtimes extends AsyncDisposable {
  of(plan: Plan): Runtime;
}

/**
 * Asks for the engine that plans need, before images are built for it and folders made.
 * @throws DOCKER_ELSEWHERE, DOCKER_MISSING, DOCKER_DENIED, DOCKER_FAILED (exit 3)
 */
export async function requireRuntimes(plans: readonly Plan[], environment: NodeJS.ProcessEnv): Promise<void> {
  if (plans.some(({ runtime }) => runtime === 'docker')) await openEngine(environment);
}

/** Opens the runtimes that the plans ask for, once for all of them. Throws what openDocker throws. */
export async function openRuntimes(plans: readonly Plan[], options: DockerOptions): Promise<Runtimes> {
  const docker = plans.some(({ runtime }) => runtime === 'docker') ? await openDocker(options) : null;
  return {
    of: ({ runtime }) => (runtime === 'docker' && docker ? docker : netnsRuntime),
    [Symbol.asyncDispose]: async () => await docker?.[Symbol.asyncDispose](),
  };
}
