import { Z } from '../base/statistics.js';
import type { Impairment } from '../plan/impairment.js';
import { longestJitterMs } from '../plan/jitter.js';
import { expectedLoss } from '../plan/long-run.js';
import { stepAt } from '../plan/traces/step.js';
import type { Trace } from '../plan/traces/types.js';
import type { Decision } from '../runfolder/decision-log.js';

/** Frames about which the course was asked before its fault was in the journal, or at another step's edge. */
const LEEWAY_FRAMES = 10;
const LEEWAY_SHARE = 0.01;
/** A float's rounding, ms. */
const ROUNDING_MS = 0.01;

/**
 * Whether decisions followed a course from its begin to its end: as many lost as it says, and none sooner than it says
 * (later they may be: order, queues and slots hold packets back). Packets that aren't IPv4 are no part of a packet trace.
 */
export class CourseCheck {
  private frames = 0;
  private lost = 0;
  private early = 0;
  private expectedLost = 0;
  private variance = 0;
  private isComplete = true;
  private place = 0;
  /** Of a packet trace; the steps of a course over time have their own. */
  private readonly leastMs: number;

  constructor(
    private readonly trace: Trace,
    private readonly beginMs: number,
  ) {
    const delays = trace.kind === 'packet' ? trace.delaysMs.filter((delayMs) => delayMs !== null) : [];
    this.leastMs = delays.reduce((least, delayMs) => Math.min(least, delayMs), delays[0] ?? 0);
  }

  /** Decisions are missing: nothing can be said. */
  giveUp(): void {
    this.isComplete = false;
  }

  take({ atMs, protocol, verdict, delayMs, reordered }: Decision): void {
    if (this.trace.kind === 'packet' && protocol === 0) return;
    if (verdict !== 'lost' && verdict !== 'delivered') return;
    const asked = this.askedAt(atMs);
    this.frames++;
    if (verdict === 'lost') this.lost++;
    this.expectedLost += asked.share;
    this.variance += asked.share * (1 - asked.share) * asked.inflation;
    if (delayMs !== null && !reordered && delayMs < asked.leastMs - ROUNDING_MS) this.early++;
  }

  /** What contradicts the course, in words; null if nothing does, or nothing came. */
  contradiction(): string | null {
    const { frames, lost, early, expectedLost, variance } = this;
    if (!this.isComplete || frames === 0) return null;
    const leeway = LEEWAY_FRAMES + LEEWAY_SHARE * frames;
    if (Math.abs(lost - expectedLost) > Z * Math.sqrt(variance) + leeway)
      return `${lost} of ${frames} frames were lost where ${Math.round(expectedLost)} were asked for.`;
    return early > leeway ? `${early} of ${frames} frames were sooner than it has them.` : null;
  }

  private askedAt(atMs: number): { share: number; inflation: number; leastMs: number } {
    const { trace } = this;
    if (trace.kind === 'time') return askedBy(stepAt(trace, Math.max(0, atMs - this.beginMs)));
    const { delaysMs, end } = trace;
    const at = this.place++;
    if (at >= delaysMs.length && end === 'stop') return CLEAR;
    // It is off by the few frames before the fault was in the journal: so no delay is held to a record of its own.
    const delayMs = delaysMs[end === 'loop' ? at % delaysMs.length : Math.min(at, delaysMs.length - 1)]!;
    return { share: delayMs === null ? 1 : 0, inflation: 1, leastMs: this.leastMs };
  }
}

const CLEAR = { share: 0, inflation: 1, leastMs: 0 };

function askedBy(impairment: Impairment | null): { share: number; inflation: number; leastMs: number } {
  if (!impairment) return CLEAR;
  const { delay, loss, duplicate } = impairment;
  const { share, correlation } = loss ? expectedLoss(loss) : { share: 0, correlation: 0 };
  const spread = delay ? longestJitterMs(delay) : 0;
  return {
    // Of a packet that is both lost and copied, one remains.
    share: share * (1 - (duplicate?.share ?? 0)),
    inflation: (1 + correlation) / Math.max(1e-6, 1 - correlation),
    leastMs: delay ? delay.ms - spread : 0,
  };
}
