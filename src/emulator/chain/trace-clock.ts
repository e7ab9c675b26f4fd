import type { Impairment } from '../../plan/impairment.js';
import type { TimeTrace } from '../../plan/traces/types.js';

/** Where a time trace is. Knows no clock: it is told the time, which must not go back. */
export class TraceClock {
  /** The step in force, −1 before the first and after the end of a trace that stops. */
  private step = -1;
  /** When the trace, or its present round, began. */
  private beginMs: number;
  private over = false;

  constructor(
    private readonly trace: TimeTrace,
    startMs: number,
  ) {
    this.beginMs = startMs;
  }

  /** What is in force, null for what is in force without a trace. */
  get impairment(): Impairment | null {
    return this.trace.steps[this.step]?.impairment ?? null;
  }

  /** When something else will be in force; Infinity when nothing will any more. */
  get nextChangeMs(): number {
    if (this.over) return Infinity;
    const { steps, lengthMs, end } = this.trace;
    const next = steps[this.step + 1];
    if (next) return this.beginMs + next.atMs;
    return end === 'hold' ? Infinity : this.beginMs + lengthMs;
  }

  /** Goes on to the next change. */
  advance(): void {
    const { steps, lengthMs, end } = this.trace;
    if (this.step + 1 < steps.length) this.step++;
    else if (end === 'stop') {
      this.over = true;
      this.step = -1;
    } else {
      this.beginMs += lengthMs;
      this.step = steps[0]!.atMs === 0 ? 0 : -1;
    }
  }

  /** Leaves out whole rounds of a loop that nobody saw. */
  skipTo(nowMs: number): void {
    const { lengthMs, end } = this.trace;
    const rounds = Math.floor((nowMs - this.beginMs) / lengthMs) - 1;
    if (end !== 'loop' || rounds < 1) return;
    this.beginMs += rounds * lengthMs;
  }
}
