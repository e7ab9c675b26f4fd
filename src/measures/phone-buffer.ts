import type { Plan } from '../plan/types.js';

/** The fixed jitter buffer that stands for a phone's where the lab says nothing (docs/measures.md §3). */
const DEFAULT_MS = 50;

/** Length of the phones' jitter buffers in ms, if the lab's value `jitter-buffer-ms` says: then they are under test. */
export function declaredBufferMs({ lab }: Plan): number | null {
  const declared = lab.values['jitter-buffer-ms'];
  return typeof declared === 'number' && declared > 0 ? declared : null;
}

/** Length in ms of the jitter buffer at every ear. */
export const phoneBufferMs = (plan: Plan): number => declaredBufferMs(plan) ?? DEFAULT_MS;
