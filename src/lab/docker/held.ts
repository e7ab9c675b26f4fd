import type Docker from 'dockerode';
import type { Scope } from '../../base/scope.js';

/**
 * Starts a container that ends when this process does: the engine closes its input with this connection. The scope
 * closes it too: the engine by itself keeps it open beyond the container's end.
 */
export async function startHeld(container: Docker.Container, scope: Scope): Promise<void> {
  const input = await container.attach({ stream: true, hijack: true, stdin: true });
  input.on('error', () => undefined).resume();
  scope.defer('input of a container', () => {
    (input as typeof input & { destroy(): void }).destroy();
  });
  await container.start();
}
