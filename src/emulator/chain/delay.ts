import type { Delay } from '../../plan/impairment.js';
import type { RandomStream } from '../random.js';
import { quantileTable } from './distribution.js';
import { normalCdf } from './normal.js';

/**
 * Draws the delay of each packet. Correlated draws go through a Gaussian: z_n = c·z_(n−1) + √(1 − c²)·g_n, whose
 * cumulative probability is looked up in the distribution. So the delays have exactly the distribution asked for,
 * whatever the correlation, and neighbours correlate by about c. (netem's own way loses either the one or the other: it
 * takes a correlated 32-bit draw modulo the table's size, which leaves the distribution whole and no correlation.)
 */
export class DelayDraws {
  private last: number;

  constructor(private readonly stream: RandomStream) {
    this.last = this.gaussian();
  }

  /** In ms, never negative. Takes the same count of numbers from the stream every time. */
  next({ ms, jitterMs, distribution, correlation }: Delay): number {
    const share = this.share(correlation);
    if (jitterMs === 0) return ms;
    const table = quantileTable(distribution);
    const deviation = table === null ? 2 * share - 1 : table[Math.floor(share * table.length)]!;
    return Math.max(0, ms + jitterMs * deviation);
  }

  /** Uniform in [0, 1). */
  private share(correlation: number): number {
    if (correlation === 0) {
      this.stream.next();
      return this.stream.next();
    }
    this.last = correlation * this.last + Math.sqrt(1 - correlation * correlation) * this.gaussian();
    return Math.min(normalCdf(this.last), 1 - Number.EPSILON);
  }

  /** Standard normal (Box and Muller 1958). */
  private gaussian(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.stream.next()));
    return radius * Math.cos(2 * Math.PI * this.stream.next());
  }
}
