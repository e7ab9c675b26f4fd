/** RFC 3550 A.1. */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/** Numbers up to the highest that are told apart; a power of 2 above MAX_MISORDER. */
const WINDOW = 128;

/** RTP sequence numbers made continuous over wraps and restarts, and counted (RFC 3550 A.1 and A.3). */
export class SequenceOrder {
  /** A bit for each of the last numbers, at its place modulo WINDOW; small integers, as there is one of these a stream. */
  private readonly seen = [0, 0, 0, 0];
  private begun = false;
  private lowest = 0;
  private highest = 0;
  private highestTimestamp = 0;
  /** Timestamp units from one packet to the next, as last seen. */
  private step = 0;
  /** What would follow the last packet that was far out of sequence: two such in a row are a restart. */
  private afterStray = -1;
  private finishedParts = 0;
  private received = 0;
  private duplicates = 0;
  private outOfOrder = 0;
  private restarts = 0;
  private ignored = 0;

  /** Takes the next packet in order of arrival. */
  add(sequence: number, timestamp: number): 'counted' | 'restarted' | 'ignored' {
    if (!this.begun) {
      this.begin(sequence, sequence, timestamp);
      return 'counted';
    }
    const ahead = (sequence - this.highest) & 0xffff;
    if (ahead > 0 && (ahead < MAX_DROPOUT || this.isLongGap(ahead, timestamp))) {
      if (ahead === 1) this.step = (timestamp - this.highestTimestamp) >>> 0;
      this.advance(ahead);
      this.highestTimestamp = timestamp;
      this.count(this.highest);
      return 'counted';
    }
    const behind = (this.highest - sequence) & 0xffff;
    if (behind > MAX_MISORDER) return this.stray(sequence, timestamp);
    if (this.isSeen(this.highest - behind)) this.duplicates++;
    else this.outOfOrder++;
    this.count(this.highest - behind);
    return 'counted';
  }

  figures() {
    const { received, duplicates, outOfOrder, restarts, ignored } = this;
    const expected = this.finishedParts + this.span();
    const lost = expected - (received - duplicates);
    return { expected, received, lost, duplicates, outOfOrder, restarts, ignored };
  }

  /**
   * A.1 takes every jump of 3000 for a restart; but after a cut of a minute the same sender goes on, and its timestamps
   * have advanced in step with its sequence numbers.
   */
  private isLongGap(ahead: number, timestamp: number): boolean {
    return this.step > 0 && (timestamp - this.highestTimestamp) >>> 0 === (ahead * this.step) >>> 0;
  }

  private stray(sequence: number, timestamp: number): 'restarted' | 'ignored' {
    if (sequence !== this.afterStray) {
      this.ignored++;
      this.afterStray = (sequence + 1) & 0xffff;
      return 'ignored';
    }
    this.ignored--;
    this.restarts++;
    this.finishedParts += this.span();
    this.afterStray = -1;
    // The stray before it was the first of the new part.
    this.begin(sequence - 1, sequence, timestamp);
    this.count(sequence - 1);
    return 'restarted';
  }

  private begin(lowest: number, highest: number, timestamp: number): void {
    this.lowest = lowest;
    this.highest = highest;
    this.highestTimestamp = timestamp;
    this.begun = true;
    this.seen.fill(0);
    this.count(highest);
  }

  /** Moves the window on; what is skipped hasn't been seen. */
  private advance(by: number): void {
    if (by >= WINDOW) this.seen.fill(0);
    else for (let i = 1; i <= by; i++) this.seen[wordOf(this.highest + i)]! &= ~(1 << (this.highest + i));
    this.highest += by;
  }

  private count(extended: number): void {
    this.received++;
    this.seen[wordOf(extended)]! |= 1 << extended;
    this.lowest = Math.min(this.lowest, extended);
  }

  private isSeen(extended: number): boolean {
    return (this.seen[wordOf(extended)]! & (1 << extended)) !== 0;
  }

  private span(): number {
    return !this.begun ? 0 : this.highest - this.lowest + 1;
  }
}

/** Shifts take a number modulo 32 by themselves. */
const wordOf = (extended: number): number => (extended & (WINDOW - 1)) >> 5;
