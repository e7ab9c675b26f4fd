import type { Rate } from '../../plan/impairment.js';

/**
 * The queue in front of a slow line: first in, first out, filled up to its limits and then closed to newcomers (tail
 * drop). A token bucket sets the pace: `burstBytes` go at once, and then bitsPerS. It's worked out on the virtual time at
 * which the bucket would be empty, so nothing happens in between.
 */
export class RateQueue {
  /** When all that was let in has been sent at the bare rate, were the bucket empty from the start. */
  private virtualMs = -Infinity;
  /** When each of those that count for limitPackets leaves: a ring, from `first`, `waiting` of them. */
  private departures = new Float64Array(16);
  private first = 0;
  private waiting = 0;

  /**
   * Lets a packet in. Returns when it has been sent, or NaN if the queue is full: limitPackets are in it, counting the
   * one being sent, or its own sending would begin more than limitMs from now.
   *
   * @param bytes of the Ethernet frame, as netem counts
   */
  enter({ bitsPerS, burstBytes, limitPackets, limitMs }: Rate, bytes: number, nowMs: number): number {
    const sendingMs = (bytes * 8000) / bitsPerS;
    const burstMs = (burstBytes * 8000) / bitsPerS;
    const beginMs = Math.max(this.virtualMs, nowMs - burstMs);
    if (limitMs !== null && beginMs - nowMs > limitMs) return NaN;
    if (limitPackets !== null && this.waitingAt(nowMs) >= limitPackets) return NaN;
    this.virtualMs = beginMs + sendingMs;
    const departMs = Math.max(nowMs, this.virtualMs);
    if (limitPackets !== null) this.append(departMs);
    return departMs;
  }

  /** The rate becomes another: what has still to be sent takes `stretch` times as long from now on. */
  stretch(stretch: number, nowMs: number): void {
    this.virtualMs = stretched(this.virtualMs, stretch, nowMs);
    for (let index = 0; index < this.waiting; index++) {
      const at = (this.first + index) % this.departures.length;
      this.departures[at] = stretched(this.departures[at]!, stretch, nowMs);
    }
  }

  clear(): void {
    this.virtualMs = -Infinity;
    this.waiting = 0;
  }

  private waitingAt(nowMs: number): number {
    while (this.waiting > 0 && this.departures[this.first]! <= nowMs) {
      this.first = (this.first + 1) % this.departures.length;
      this.waiting--;
    }
    return this.waiting;
  }

  private append(departMs: number): void {
    const size = this.departures.length;
    if (this.waiting === size) {
      const grown = new Float64Array(2 * size);
      for (let index = 0; index < size; index++) grown[index] = this.departures[(this.first + index) % size]!;
      this.departures = grown;
      this.first = 0;
    }
    this.departures[(this.first + this.waiting++) % this.departures.length] = departMs;
  }
}

/** When something due at `thenMs` is due if the way to it takes `stretch` times as long from now on. */
export function stretched(thenMs: number, stretch: number, nowMs: number): number {
  return thenMs <= nowMs ? thenMs : nowMs + (thenMs - nowMs) * stretch;
}
