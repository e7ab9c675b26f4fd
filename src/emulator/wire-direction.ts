import { type DirectionCounters, type DirectionState, clearDirection } from './contract.js';
import type { FramePool, FrameQueue } from './frame-pool.js';
import { randomStream } from './random.js';

/** What is to be done with a frame just received. */
export const Fate = { drop: 0, deliver: 1, hold: 2, reject: 3 } as const;
export type Fate = (typeof Fate)[keyof typeof Fate];

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_ARP = 0x0806;

/**
 * One direction of a link: decides the fate of each frame and keeps those that wait. Knows no descriptors and no
 * clock. Each frame draws the same count of random numbers whatever the state, and IPv4 draws from a stream of its
 * own: so the n-th IPv4 frame of a direction meets the same numbers in every run with the same seed, however much ARP and
 * IPv6 the kernels chatter.
 */
export class WireDirection {
  readonly counters: DirectionCounters = {
    received: 0,
    delivered: 0,
    droppedByLoss: 0,
    droppedByCut: 0,
    droppedByQueue: 0,
    rejected: 0,
    undeliverable: 0,
  };
  readonly queue: FrameQueue = { head: -1, tail: -1 };
  /** When the frame that was queued last is due. */
  private lastDueMs = -Infinity;
  private state: DirectionState = clearDirection;
  private readonly ipv4;
  private readonly others;

  constructor(
    private readonly pool: FramePool,
    seed: number,
    name: string,
  ) {
    this.ipv4 = randomStream(`${seed}/${name}/ipv4`);
    this.others = randomStream(`${seed}/${name}/others`);
  }

  /** Changes the state. Where a cut begins, the frames held are lost; otherwise they keep their due time. */
  apply(state: DirectionState): void {
    const cutBegins = state.cut !== null && state.cut !== this.state.cut;
    this.state = state;
    if (cutBegins) this.dropHeld();
  }

  /** Decides about the frame in the pool's spare slot, holds it if it must wait, and counts it if it is dropped. */
  admit(frame: Buffer, length: number, nowMs: number): Fate {
    const { state, counters } = this;
    counters.received++;
    const etherType = length < 14 ? 0 : frame.readUInt16BE(12);
    const stream = etherType === ETHERTYPE_IPV4 ? this.ipv4 : this.others;
    const lossDraw = stream.next();
    const jitterDraw = stream.next();
    if (state.cut !== null && !(state.cut === 'reject' && etherType === ETHERTYPE_ARP)) {
      if (state.cut === 'reject' && etherType === ETHERTYPE_IPV4) return Fate.reject;
      counters.droppedByCut++;
      return Fate.drop;
    }
    if (lossDraw < state.lossShare) {
      counters.droppedByLoss++;
      return Fate.drop;
    }
    const delayMs = state.delayMs + state.jitterMs * (2 * jitterDraw - 1);
    if (delayMs <= 0 && this.queue.head < 0) return Fate.deliver;
    // Never before the frame in front of it: jitter must not reorder.
    const dueMs = Math.max(nowMs + delayMs, this.queue.head < 0 ? -Infinity : this.lastDueMs);
    if (!this.pool.hold(this.queue, length, dueMs)) {
      counters.droppedByQueue++;
      return Fate.drop;
    }
    this.lastDueMs = dueMs;
    return Fate.hold;
  }

  private dropHeld(): void {
    while (this.queue.head >= 0) {
      this.pool.release(this.queue);
      this.counters.droppedByCut++;
    }
  }
}
