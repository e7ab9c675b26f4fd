/** Fits an Ethernet frame of MTU 1500 with VLAN tags; more would be cut off. */
const FRAME_BYTES = 2048;
/** Frames for which memory is taken at once: 2 MB. */
const CHUNK_FRAMES = 1024;

/** Whoever has frames held. */
export interface FrameOwner {
  /** Frames of it that are held, kept up to date by HeldFrames. */
  held: number;
}

/**
 * The frames under way, in the order in which they are due; of those due at the same time, the one held first goes first.
 * One slot is always spare, to read the next frame into; holding that frame makes another slot the spare one, so a
 * frame isn't copied. Memory grows with the most frames ever held at once, by chunks up to the capacity; holding and
 * releasing allocates nothing otherwise.
 */
export class HeldFrames<Owner extends FrameOwner> {
  private readonly frames: Buffer[] = [];
  private readonly owners: (Owner | null)[] = [];
  private readonly free: number[] = [];
  private lengths = new Int32Array(0);
  private dueMs = new Float64Array(0);
  /** When the frame leaves the queue in front of its rate, and sets out on its delay. */
  private departMs = new Float64Array(0);
  private order = new Float64Array(0);
  /** Slots as a binary heap, the first due on top. */
  private heap = new Int32Array(0);
  private size = 0;
  private lastOrder = 0;
  private spareSlot: number;

  /** @param capacity the most frames held at once */
  constructor(private readonly capacity: number) {
    this.grow();
    this.spareSlot = this.free.pop()!;
  }

  /** Buffer to read the next frame into. */
  get spare(): Buffer {
    return this.frames[this.spareSlot]!;
  }

  /** Holds the frame in the spare slot. False, and the frame is lost, if there's no room. */
  hold(owner: Owner, length: number, departMs: number, dueMs: number): boolean {
    if (this.size >= this.capacity) return false;
    if (this.free.length === 0) this.grow();
    const slot = this.spareSlot;
    this.spareSlot = this.free.pop()!;
    this.owners[slot] = owner;
    this.lengths[slot] = length;
    this.departMs[slot] = departMs;
    this.dueMs[slot] = dueMs;
    this.order[slot] = ++this.lastOrder;
    owner.held++;
    this.rise(this.size++, slot);
    return true;
  }

  /** Holds a copy of the frame in the spare slot, which stays spare. */
  holdCopy(owner: Owner, length: number, departMs: number, dueMs: number): boolean {
    const original = this.spare;
    if (!this.hold(owner, length, departMs, dueMs)) return false;
    original.copy(this.spare, 0, 0, length);
    return true;
  }

  /** When the first frame is due, Infinity if none is held. */
  get firstDueMs(): number {
    return this.size === 0 ? Infinity : this.dueMs[this.heap[0]!]!;
  }

  /** These three are of the frame that firstDueMs is about; there must be one. */
  get firstFrame(): Buffer {
    return this.frames[this.heap[0]!]!;
  }

  get firstLength(): number {
    return this.lengths[this.heap[0]!]!;
  }

  get firstOwner(): Owner {
    return this.owners[this.heap[0]!]!;
  }

  /** Lets go of the first frame; there must be one. */
  release(): void {
    const slot = this.heap[0]!;
    const last = this.heap[--this.size]!;
    if (this.size > 0) this.sink(0, last);
    this.vacate(slot);
  }

  /** Lets go of all frames of some owners; returns how many they were. */
  drop(isMeant: (owner: Owner) => boolean): number {
    const before = this.size;
    const slots = this.heap.slice(0, before);
    this.size = 0;
    for (const slot of slots)
      if (isMeant(this.owners[slot]!)) this.vacate(slot);
      else this.heap[this.size++] = slot;
    this.rebuild();
    return before - this.size;
  }

  /**
   * Gives the frames of an owner other times of departure: each is due as much earlier or later as it departs, and none
   * before one that was held earlier and was due earlier. Returns when the last of them is due, −Infinity for none.
   */
  retime(owner: Owner, departOf: (departMs: number) => number): number {
    const slots = this.heap.slice(0, this.size).filter((slot) => this.owners[slot] === owner);
    slots.sort(
      (one, other) => this.dueMs[one]! - this.dueMs[other]! || this.order[one]! - this.order[other]!,
    );
    let latestMs = -Infinity;
    for (const slot of slots) {
      const departMs = departOf(this.departMs[slot]!);
      latestMs = Math.max(latestMs, this.dueMs[slot]! + departMs - this.departMs[slot]!);
      this.departMs[slot] = departMs;
      this.dueMs[slot] = latestMs;
    }
    this.rebuild();
    return latestMs;
  }

  private vacate(slot: number): void {
    this.owners[slot]!.held--;
    this.owners[slot] = null;
    this.free.push(slot);
  }

  private rebuild(): void {
    for (let at = (this.size >> 1) - 1; at >= 0; at--) this.sink(at, this.heap[at]!);
  }

  /** Puts a slot where `start` is, or above. */
  private rise(start: number, slot: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(slot, this.heap[parent]!)) break;
      this.heap[at] = this.heap[parent]!;
      at = parent;
    }
    this.heap[at] = slot;
  }

  /** Puts a slot where `start` is, or below. */
  private sink(start: number, slot: number): void {
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.isBefore(this.heap[child + 1]!, this.heap[child]!)) child++;
      if (!this.isBefore(this.heap[child]!, slot)) break;
      this.heap[at] = this.heap[child]!;
      at = child;
    }
    this.heap[at] = slot;
  }

  private isBefore(one: number, other: number): boolean {
    const difference = this.dueMs[one]! - this.dueMs[other]!;
    return difference < 0 || (difference === 0 && this.order[one]! < this.order[other]!);
  }

  /** One slot more than the capacity in all: the spare one. */
  private grow(): void {
    const count = this.frames.length + Math.min(CHUNK_FRAMES, this.capacity + 1 - this.frames.length);
    const memory = Buffer.alloc((count - this.frames.length) * FRAME_BYTES);
    for (let at = 0; at < memory.length; at += FRAME_BYTES) {
      this.free.push(this.frames.length);
      this.frames.push(memory.subarray(at, at + FRAME_BYTES));
      this.owners.push(null);
    }
    this.lengths = extended(this.lengths, new Int32Array(count));
    this.heap = extended(this.heap, new Int32Array(count));
    this.dueMs = extended(this.dueMs, new Float64Array(count));
    this.departMs = extended(this.departMs, new Float64Array(count));
    this.order = extended(this.order, new Float64Array(count));
  }
}

function extended<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
