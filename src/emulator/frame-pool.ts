/** Fits an Ethernet frame of MTU 1500 with VLAN tags; more would be cut off. */
const FRAME_BYTES = 2048;

/**
 * Memory for frames under way, taken once. One slot is always spare, to read the next frame into; holding that frame
 * makes another slot the spare one, so a frame is never copied. Held frames form first-in-first-out queues, linked
 * through `next`.
 */
export class FramePool {
  private readonly frames: Buffer[];
  private readonly lengths: Int32Array;
  private readonly dueMs: Float64Array;
  private readonly next: Int32Array;
  /** Head of the list of free slots, −1 if there's none. */
  private free = 0;
  private spareSlot: number;

  /** @param capacity the most frames held at once */
  constructor(capacity: number) {
    const memory = Buffer.alloc((capacity + 1) * FRAME_BYTES);
    this.frames = Array.from({ length: capacity + 1 }, (_, slot) =>
      memory.subarray(slot * FRAME_BYTES, (slot + 1) * FRAME_BYTES),
    );
    this.lengths = new Int32Array(capacity + 1);
    this.dueMs = new Float64Array(capacity + 1);
    this.next = Int32Array.from({ length: capacity + 1 }, (_, slot) => (slot + 1 < capacity ? slot + 1 : -1));
    this.spareSlot = capacity;
    if (capacity === 0) this.free = -1;
  }

  /** Buffer to read the next frame into. */
  get spare(): Buffer {
    return this.frames[this.spareSlot]!;
  }

  /** Queues the frame in the spare slot at the end of `queue`. False, and the frame is lost, if the pool is used up. */
  hold(queue: FrameQueue, length: number, dueMs: number): boolean {
    if (this.free < 0) return false;
    const slot = this.spareSlot;
    this.spareSlot = this.free;
    this.free = this.next[this.free]!;
    this.lengths[slot] = length;
    this.dueMs[slot] = dueMs;
    this.next[slot] = -1;
    if (queue.tail < 0) queue.head = slot;
    else this.next[queue.tail] = slot;
    queue.tail = slot;
    return true;
  }

  /** When the first frame of the queue is due, Infinity for an empty queue. */
  firstDueMs(queue: FrameQueue): number {
    return queue.head < 0 ? Infinity : this.dueMs[queue.head]!;
  }

  firstFrame(queue: FrameQueue): Buffer {
    return this.frames[queue.head]!;
  }

  firstLength(queue: FrameQueue): number {
    return this.lengths[queue.head]!;
  }

  /** Takes the first frame off the queue and frees its slot; the queue must not be empty. */
  release(queue: FrameQueue): void {
    const slot = queue.head;
    queue.head = this.next[slot]!;
    if (queue.head < 0) queue.tail = -1;
    this.next[slot] = this.free;
    this.free = slot;
  }
}

/** Slots of the first and last frame; −1 when empty. */
export interface FrameQueue {
  head: number;
  tail: number;
}
