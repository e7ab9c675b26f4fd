import { quantile } from '../base/statistics.js';
import { DelayDraws } from '../emulator/chain/delay.js';
import { randomStream } from '../emulator/random.js';
import type { Delay } from '../plan/impairment.js';
import type { JitterSight, Modelled } from '../runfolder/journal.js';

/** Draws that a model may take in all: some ms of the processor's time. */
const MOST_DRAWS = 20_000;
const LEAST_ROUNDS = 10;
const MOST_ROUNDS = 30;
/** Fewer delays say nothing of how they vary. */
const LEAST_DELAYS = 30;

/** Probes of a series that were delayed. */
export interface DelaysMet {
  sentAtMs: readonly number[];
  /** By number; null for those that didn't arrive, or not by way of the delay. */
  delaysMs: readonly (number | null)[];
  /** Packets of others that meet the same impairment, per ms: they take draws too, and push back what is behind them. */
  othersPerMs: number;
}

/**
 * How the delays of probes vary, beside what jitter comes to among packets sent at just these times, the order being kept:
 * worked out by the emulator's own model on draws of its own. Null if too few arrived.
 */
export function jitterSight(delay: Delay, met: DelaysMet): JitterSight | null {
  const { delaysMs } = met;
  const own = varies(delaysMs);
  if (own === null) return null;
  const packets = merged(met);
  const rounds = Math.min(MOST_ROUNDS, Math.max(LEAST_ROUNDS, Math.floor(MOST_DRAWS / packets.length)));
  const model = (given: Delay) =>
    Array.from({ length: rounds }, (_, round) => {
      const drawn = delaysUnder(given, packets, `model/${round}`);
      return varies(drawn.map((delayMs, number) => (delaysMs[number] === null ? null : delayMs)));
    }).filter((one) => one !== null);
  const as = model(delay);
  const free = delay.correlation === 0 ? as : model({ ...delay, correlation: 0 });
  return {
    spreadMs: modelled(
      own.spreadMs,
      as.map(({ spreadMs }) => spreadMs),
    ),
    correlation: modelled(
      own.correlation,
      as.map(({ correlation }) => correlation),
    ),
    uncorrelated: modelled(
      own.correlation,
      free.map(({ correlation }) => correlation),
    ),
  };
}

interface Packet {
  atMs: number;
  /** Null for one of others. */
  number: number | null;
  /** Whether it was delayed, and pushes back what is behind it: what is lost takes a draw only. */
  isDelayed: boolean;
}

/** The probes, and packets of others spread evenly between the first and the last. */
function merged({ sentAtMs, delaysMs, othersPerMs }: DelaysMet): Packet[] {
  const probes = sentAtMs.map((atMs, number): Packet => ({
    atMs,
    number,
    isDelayed: (delaysMs[number] ?? null) !== null,
  }));
  const [firstMs = 0, lastMs = 0] = [sentAtMs[0], sentAtMs.at(-1)];
  const count = Math.min(MOST_DRAWS / LEAST_ROUNDS, Math.floor((lastMs - firstMs) * othersPerMs));
  const others = Array.from({ length: count }, (_, index): Packet => ({
    atMs: firstMs + ((index + 0.5) * (lastMs - firstMs)) / count,
    number: null,
    isDelayed: true,
  }));
  return [...probes, ...others].sort((a, b) => a.atMs - b.atMs);
}

/** Delays of the probes as the emulator would give them, by number. */
function delaysUnder(delay: Delay, packets: readonly Packet[], key: string): number[] {
  const draws = new DelayDraws(randomStream(key));
  const delays: number[] = [];
  let lastDueMs = -Infinity;
  for (const { atMs, number, isDelayed } of packets) {
    const dueMs = atMs + draws.next(delay);
    if (isDelayed) lastDueMs = Math.max(lastDueMs, dueMs);
    if (number !== null) delays[number] = lastDueMs - atMs;
  }
  return delays;
}

/** Spread and correlation of ranks of neighbours; null of too few delays. */
function varies(delaysMs: readonly (number | null)[]): { spreadMs: number; correlation: number } | null {
  const known = delaysMs.filter((delayMs) => delayMs !== null).sort((a, b) => a - b);
  if (known.length < LEAST_DELAYS) return null;
  const pairs = delaysMs.flatMap((other, index): [number, number][] => {
    const one = delaysMs[index - 1] ?? null;
    return one === null || other === null ? [] : [[one, other]];
  });
  const low = quantile(known, 0.1) ?? 0;
  const high = quantile(known, 0.9) ?? 0;
  return { spreadMs: high - low, correlation: rankCorrelation(pairs) };
}

/** Spearman's: Pearson's of the ranks, so that a packet that was late once doesn't outweigh all others. */
function rankCorrelation(pairs: readonly [number, number][]): number {
  const n = pairs.length;
  const [x, y] = [ranksOf(pairs.map(([one]) => one)), ranksOf(pairs.map(([, other]) => other))];
  const middle = (n - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let index = 0; index < n; index++) {
    const [dx, dy] = [x[index]! - middle, y[index]! - middle];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

function ranksOf(values: readonly number[]): number[] {
  const ranks: number[] = [];
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return ranks;
}

function modelled(met: number, values: readonly number[]): Modelled {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { met, mean, deviation: Math.sqrt(variance) };
}
