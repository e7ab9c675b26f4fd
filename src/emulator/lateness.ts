import type { Lateness } from './contract.js';

/** Buckets to a doubling: to within 5 % of the value. */
const PER_DOUBLING = 8;
const LEAST_MS = 0.001;
/** Up to some 16 s. */
const BUCKETS = 24 * PER_DOUBLING;

/** How late frames were, as a histogram of logarithmic buckets: of fixed size, whatever it counts. */
export class LatenessHistogram {
  private readonly buckets = new Float64Array(BUCKETS);
  private frames = 0;
  private maxMs = 0;

  add(lateMs: number): void {
    const place = lateMs <= LEAST_MS ? 0 : Math.floor(Math.log2(lateMs / LEAST_MS) * PER_DOUBLING);
    this.buckets[Math.min(place, BUCKETS - 1)]!++;
    this.frames++;
    if (lateMs > this.maxMs) this.maxMs = lateMs;
  }

  summary(): Lateness {
    const { frames, maxMs } = this;
    return { frames, p50Ms: this.quantile(0.5), p99Ms: this.quantile(0.99), maxMs };
  }

  private quantile(share: number): number {
    if (this.frames === 0) return 0;
    let left = Math.ceil(share * this.frames);
    const place = this.buckets.findIndex((count) => (left -= count) <= 0);
    return Math.min(this.maxMs, LEAST_MS * 2 ** ((place + 0.5) / PER_DOUBLING));
  }
}
