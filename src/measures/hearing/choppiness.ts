import type { Outage } from '../types.js';
import { FRAME_MS } from './jitter-buffer.js';

/** Holes in what was heard that are too short for an outage, in steps of 20 ms. Concealment hides up to 40 ms of each. */
export interface Choppiness {
  /** A minute of the time in which there was no outage. */
  holesPerMinute: number;
  totalMs: number;
  longestMs: number;
}

/** Counts the holes between outages; `heard` has 1 for each frame of 20 ms from `fromMs` on in which the voice was heard. */
export function choppinessOf(heard: Uint8Array, outages: readonly Outage[], fromMs: number): Choppiness {
  const up = new Uint8Array(heard.length).fill(1);
  for (const { startMs, endMs } of outages) {
    // A frame on an edge belongs to the outage.
    const [from, to] = [Math.floor((startMs - fromMs) / FRAME_MS), Math.ceil((endMs - fromMs) / FRAME_MS)];
    up.fill(0, Math.max(0, from), to);
  }
  let holes = 0;
  let total = 0;
  let longest = 0;
  let run = 0;
  for (let i = 0; i < heard.length; i++) {
    run = up[i] === 1 && heard[i] === 0 ? run + 1 : 0;
    if (run === 1) holes++;
    if (run > 0) total++;
    longest = Math.max(longest, run);
  }
  const upMs = up.reduce((sum, value) => sum + value, 0) * FRAME_MS;
  return {
    holesPerMinute: upMs > 0 ? (holes * 60_000) / upMs : 0,
    totalMs: total * FRAME_MS,
    longestMs: longest * FRAME_MS,
  };
}
