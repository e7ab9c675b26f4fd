/** A power of 2. */
const FIRST_SLOTS = 1024;
/** Above this share of slots, looking one up takes long. */
const MOST_FILLED = 0.5;
const WORDS = 2;

/**
 * A set of digests, of which 64 bits are kept: of a million different ones, two are taken for the same in one set of
 * 37 million.
 */
export class Fingerprints {
  private slots = new Uint32Array(WORDS * FIRST_SLOTS);
  private size = 0;

  /** Adds a digest of 8 bytes or more; returns whether it was there already. */
  add(digest: Buffer): boolean {
    if (this.size >= (this.slots.length / WORDS) * MOST_FILLED) this.grow();
    // Both 0 stands for an empty slot.
    return this.put(digest.readUInt32LE(0), digest.readUInt32LE(4) || 1);
  }

  private put(low: number, high: number): boolean {
    const { slots } = this;
    const mask = slots.length / WORDS - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (slots[at] === low && slots[at + 1] === high) return true;
      if (slots[at + 1] !== 0) continue;
      slots[at] = low;
      slots[at + 1] = high;
      this.size++;
      return false;
    }
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new Uint32Array(before.length * 2);
    this.size = 0;
    for (let at = 0; at < before.length; at += WORDS)
      if (before[at + 1] !== 0) this.put(before[at]!, before[at + 1]!);
  }
}
