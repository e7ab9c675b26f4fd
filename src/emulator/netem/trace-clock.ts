import { isDeepStrictEqual } from 'node:util';
import { monotonicMs } from '../../base/linux/clock.js';
import type { Impairment } from '../../plan/impairment.js';
import { stepAt } from '../../plan/traces/step.js';
import type { TimeTrace, Trace } from '../../plan/traces/types.js';

/** When the trace changes next, ms after its begin; null if it never does again. */
export function nextChangeMs({ steps, lengthMs, end }: TimeTrace, sinceMs: number): number | null {
  const rounds = end === 'loop' ? Math.floor(sinceMs / lengthMs) : 0;
  const inRoundMs = sinceMs - rounds * lengthMs;
  const next = steps.find(({ atMs }) => atMs > inRoundMs)?.atMs;
  if (next !== undefined) return rounds * lengthMs + next;
  if (end === 'hold' || inRoundMs >= lengthMs) return null;
  return (rounds + 1) * lengthMs + (end === 'loop' ? (steps[0]?.atMs ?? 0) : 0);
}

/** Drives a direction along a trace: asks for a change when one is due. */
export class TraceClock {
  private trace: TimeTrace | null = null;
  private startMs = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param onStep called when `current` has become another */
  constructor(private readonly onStep: () => void) {}

  /** A trace equal to the one that runs goes on; another starts now. Packet traces are none of netem's. */
  follow(trace: Trace | null): void {
    if (isDeepStrictEqual(trace, this.trace)) return;
    this.stop();
    this.trace = trace?.kind === 'time' ? trace : null;
    this.startMs = monotonicMs();
    this.wait();
  }

  /** The step that is in force now, null if there is none. */
  current(): Impairment | null {
    return this.trace && stepAt(this.trace, monotonicMs() - this.startMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.trace = null;
  }

  private wait(): void {
    if (!this.trace) return;
    const sinceMs = monotonicMs() - this.startMs;
    const nextMs = nextChangeMs(this.trace, sinceMs);
    if (nextMs === null) return;
    // A timer may be early by a fraction of a ms.
    this.timer = setTimeout(
      () => {
        this.onStep();
        this.wait();
      },
      Math.ceil(nextMs - sinceMs) + 1,
    ).unref();
  }
}
