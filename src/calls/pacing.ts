import type { Pacing } from './media-protocol.js';

const BIN_MS = 0.05;
const BINS = 20_000;

/** Histogram of lateness, of constant size however long the run is; the last bin holds all that is later than 1 s. */
export class PacingHistogram {
  private readonly bins = new Uint32Array(BINS);
  private packets = 0;
  private maxMs = 0;

  add(lateMs: number): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(lateMs / BIN_MS)));
    this.bins[bin] = (this.bins[bin] ?? 0) + 1;
    this.packets++;
    if (lateMs > this.maxMs) this.maxMs = lateMs;
  }

  summary(): Pacing {
    return {
      packets: this.packets,
      p50Ms: this.quantile(0.5),
      p99Ms: this.quantile(0.99),
      maxMs: this.maxMs,
    };
  }

  /** Upper edge of the bin that holds the quantile; 0 without packets. */
  private quantile(share: number): number {
    let seen = 0;
    for (let bin = 0; bin < BINS && this.packets > 0; bin++) {
      seen += this.bins[bin] ?? 0;
      if (seen >= share * this.packets) return (bin + 1) * BIN_MS;
    }
    return 0;
  }
}
