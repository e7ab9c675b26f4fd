import type Docker from 'dockerode';

/** Starts a container that ends when this process does: the engine closes its input with this connection. */
export async function startHeld(container: Docker.Container): Promise<void> {
  const input = await container.attach({ stream: true, hijack: true, stdin: true });
  input.on('error', () => undefined).resume();
  await container.start();
}
