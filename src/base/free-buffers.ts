import { MessageChannel } from 'node:worker_threads';

/**
 * Gives the memory of buffers back at once, not when garbage is collected next, which may be many MB later: they are handed
 * over to a port that nobody listens at. They are empty from then on.
 */
export function freeBuffers(buffers: readonly ArrayBuffer[]): void {
  const { port1 } = new MessageChannel();
  port1.close();
  port1.postMessage(null, [...new Set(buffers)]);
}
