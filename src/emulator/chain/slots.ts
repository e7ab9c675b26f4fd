import type { Slot } from '../../plan/impairment.js';
import type { RandomStream } from '../random.js';

/**
 * Gathers packets into slots as netem does: a packet that comes after the last slot opens the next one, minMs…maxMs later,
 * and with it go all that come before then, up to the count that a slot takes.
 */
export class Slots {
  private openMs = -Infinity;
  private left = 0;

  constructor(private readonly stream: RandomStream) {}

  /** When a packet that could go at `readyMs` goes. To be called in the order of readyMs. */
  release({ minMs, maxMs, packets }: Slot, readyMs: number): number {
    if (readyMs > this.openMs || this.left === 0) {
      this.openMs = Math.max(readyMs, this.openMs) + minMs + (maxMs - minMs) * this.stream.next();
      this.left = packets ?? Infinity;
    }
    this.left--;
    return this.openMs;
  }
}
