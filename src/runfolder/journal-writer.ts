import { appendFileSync } from 'node:fs';
import { monotonicMs, wallMinusMonotonicMs } from '../base/linux/clock.js';
import type { JournalEntry, JournalEvent } from './journal.js';

/**
 * Writes journal.jsonl, a line an event, at once: what is written survives the harness. Until the lab's epoch is set,
 * events wait, for their time on the lab axis isn't known yet.
 */
export class JournalWriter {
  private epochMs: number | null = null;
  private waiting: { monotonicMs: number; event: JournalEvent }[] = [];

  constructor(private readonly path: string) {}

  /** Sets the zero of the lab axis, on the monotonic clock, and ties it to the wall clock. */
  setEpoch(epochMonotonicMs: number): void {
    this.epochMs = epochMonotonicMs;
    const { waiting } = this;
    this.waiting = [];
    for (const entry of waiting) this.append(entry.monotonicMs - epochMonotonicMs, entry.event);
    this.writeClock();
  }

  /** Ties the axis to the wall clock once more: a step of the clock in between is seen by comparing. */
  writeClock(): void {
    const monotonicEpochMs = this.epochMs ?? monotonicMs();
    this.write({ event: 'clock', wallEpochMs: monotonicEpochMs + wallMinusMonotonicMs(), monotonicEpochMs });
  }

  write(event: JournalEvent): void {
    const nowMs = monotonicMs();
    if (this.epochMs === null) this.waiting.push({ monotonicMs: nowMs, event });
    else this.append(nowMs - this.epochMs, event);
  }

  /** Writes out what still waits, if traffic never started. */
  close(): void {
    if (this.epochMs === null) this.setEpoch(monotonicMs());
  }

  private append(atMs: number, event: JournalEvent): void {
    const entry: JournalEntry = { atMs, ...event };
    appendFileSync(this.path, JSON.stringify(entry) + '\n');
  }
}
