import { binsFor, burstLengths, chiSquaredLimit } from './bursts.js';

export { burstLengths };

/**
 * Whether packets met what a link was told to do, from what was sent and what arrived alone. Two-sided at 99.9 % where it's
 * about chance. Pure: no check knows an emulator.
 */

/** One arrival of a packet, or, with receivedMs null, its loss. A packet that arrived twice has two records. */
export interface PacketRecord {
  /** Counts packets from 0 in the order of sending. */
  seq: number;
  sentMs: number;
  receivedMs: number | null;
}

export interface Finding {
  holds: boolean;
  /** What was found, and what was expected, in words. */
  detail: string;
}

/** Of the standard normal distribution, two-sided 99.9 %. */
const Z = 3.29;
/** Of Kolmogorov's distribution, 99.9 %. */
const KOLMOGOROV = 1.9495;

const finding = (holds: boolean, detail: string): Finding => ({ holds, detail });

/** Delays of what arrived, in the order of sending, of each packet the first arrival. */
export function delaysOf(records: readonly PacketRecord[]): number[] {
  return firstArrivals(records).flatMap(({ sentMs, receivedMs }) =>
    receivedMs === null ? [] : [receivedMs - sentMs],
  );
}

/** Whether each packet was lost, in the order of sending. */
export function lossesOf(records: readonly PacketRecord[]): boolean[] {
  return firstArrivals(records).map(({ receivedMs }) => receivedMs === null);
}

/** Whether nothing came earlier than `ms` after it was sent, and half of it not much later. */
export function checkDelay(records: readonly PacketRecord[], ms: number, toleranceMs: number): Finding {
  const sorted = delaysOf(records).sort((one, other) => one - other);
  const least = sorted[0] ?? NaN;
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return finding(
    least >= ms - 0.05 && median <= ms + toleranceMs,
    `least ${least.toFixed(2)} ms, median ${median.toFixed(2)} ms, for ${ms}`,
  );
}

/**
 * Kolmogorov–Smirnov (critical value by Stephens 1970). With slackMs, a sample may be up to so much larger than the
 * distribution has it, since measuring adds time and never takes any.
 */
export function checkDistribution(
  samples: readonly number[],
  cdf: (x: number) => number,
  slackMs = 0,
): Finding {
  const sorted = [...samples].sort((one, other) => one - other);
  const n = sorted.length;
  let distance = 0;
  for (const [index, x] of sorted.entries())
    distance = Math.max(distance, (index + 1) / n - cdf(x), cdf(x - slackMs) - index / n);
  const limit = KOLMOGOROV / (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  return finding(
    n > 0 && distance <= limit,
    `KS distance ${distance.toFixed(4)} of ${n}, limit ${limit.toFixed(4)}`,
  );
}

/** Wilson's score interval for a share. @param inflation of the variance by correlation: counts for that many fewer */
export function shareInterval(hits: number, trials: number, inflation = 1): [low: number, high: number] {
  const n = trials / inflation;
  const p = trials === 0 ? 0 : hits / trials;
  if (n === 0) return [0, 1];
  const z2 = (Z * Z) / n;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Whether a share of yes and no is what was asked for; 0 and 1 are exact. */
export function checkShare(outcomes: readonly boolean[], share: number, inflation = 1): Finding {
  const hits = outcomes.filter(Boolean).length;
  const [low, high] = shareInterval(hits, outcomes.length, inflation);
  const holds =
    share === 0 ? hits === 0 : share === 1 ? hits === outcomes.length : share >= low && share <= high;
  return finding(
    holds && outcomes.length > 0,
    `${hits} of ${outcomes.length}, ${low.toFixed(4)}–${high.toFixed(4)}, for ${share}`,
  );
}

export function checkLoss(records: readonly PacketRecord[], share: number, inflation = 1): Finding {
  return checkShare(lossesOf(records), share, inflation);
}

/** Share of packets that arrived more than once, of those that arrived. */
export function checkDuplicates(records: readonly PacketRecord[], share: number): Finding {
  const counts = new Map<number, number>();
  for (const { seq, receivedMs } of records)
    if (receivedMs !== null) counts.set(seq, (counts.get(seq) ?? 0) + 1);
  return checkShare(
    [...counts.values()].map((count) => count > 1),
    share,
  );
}

/** Chi-squared of burst lengths; @param probability of a burst of 1, 2, 3 … losses */
export function checkBurstLengths(
  losses: readonly boolean[],
  probability: (length: number) => number,
): Finding {
  const lengths = burstLengths(losses);
  const bins = binsFor(lengths, probability);
  if (bins.length < 2) return finding(false, `only ${lengths.length} bursts: too few to tell`);
  const chiSquared = bins.reduce((sum, { seen, expected }) => sum + (seen - expected) ** 2 / expected, 0);
  const limit = chiSquaredLimit(bins.length - 1);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return finding(
    chiSquared <= limit,
    `chi-squared ${chiSquared.toFixed(1)} of ${lengths.length} bursts, mean ${mean.toFixed(2)}, limit ${limit.toFixed(1)}`,
  );
}

/** Packets that arrived after one that was sent later, copies left out. */
function overtaken(records: readonly PacketRecord[]): number[] {
  let latest = -1;
  return arrivalsInOrder(records).flatMap(({ seq }) => {
    const isLate = seq < latest;
    latest = Math.max(latest, seq);
    return isLate ? [seq] : [];
  });
}

export function checkOrder(records: readonly PacketRecord[]): Finding {
  const late = overtaken(records);
  return finding(
    late.length === 0,
    `${late.length} packets were overtaken${late.length ? `, first ${late[0]}` : ''}`,
  );
}

/** Share of packets that arrived ahead of at least one that was sent before; for delays longer than the packets' spacing. */
export function checkReordered(records: readonly PacketRecord[], share: number): Finding {
  const order = arrivalsInOrder(records);
  let leastBehind = Infinity;
  const ahead: boolean[] = [];
  for (const { seq } of [...order].reverse()) {
    ahead.unshift(seq > leastBehind);
    leastBehind = Math.min(leastBehind, seq);
  }
  return checkShare(ahead, share);
}

/** How fast packets of `bytes` came through while a queue stood in front of the rate: for a sender faster than that. */
export function checkRate(
  records: readonly PacketRecord[],
  { bytes, bitsPerS, tolerance = 0.02 }: { bytes: number; bitsPerS: number; tolerance?: number },
): Finding {
  const times = records.flatMap(({ receivedMs }) => receivedMs ?? []).sort((one, other) => one - other);
  const spanMs = times.at(-1)! - times[0]!;
  const measured = ((times.length - 1) * bytes * 8000) / spanMs;
  const off = Math.abs(measured / bitsPerS - 1);
  return finding(
    off <= tolerance,
    `${Math.round(measured)} bit/s of ${times.length} packets, for ${bitsPerS}`,
  );
}

/** The longest time that a packet took: shows how long the queue is. */
export function checkLongestDelay(
  records: readonly PacketRecord[],
  ms: number,
  toleranceMs: number,
): Finding {
  const longest = Math.max(...delaysOf(records));
  return finding(Math.abs(longest - ms) <= toleranceMs, `longest delay ${longest.toFixed(1)} ms, for ${ms}`);
}

/** Correlation of neighbours (lag 1), in an interval by Fisher's transformation. */
export function checkCorrelation(samples: readonly number[], correlation: number, tolerance = 0): Finding {
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  let products = 0;
  let squares = 0;
  for (const [index, x] of samples.entries()) {
    squares += (x - mean) ** 2;
    if (index > 0) products += (x - mean) * (samples[index - 1]! - mean);
  }
  const measured = products / squares;
  const half = Z / Math.sqrt(samples.length - 3);
  const low = Math.tanh(Math.atanh(measured) - half) - tolerance;
  const high = Math.tanh(Math.atanh(measured) + half) + tolerance;
  return finding(
    correlation >= low && correlation <= high,
    `correlation ${measured.toFixed(3)}, ${low.toFixed(3)}–${high.toFixed(3)}, for ${correlation}`,
  );
}

function firstArrivals(records: readonly PacketRecord[]): PacketRecord[] {
  const first = new Map<number, PacketRecord>();
  for (const record of records) {
    const known = first.get(record.seq);
    if (!known || (record.receivedMs ?? Infinity) < (known.receivedMs ?? Infinity))
      first.set(record.seq, record);
  }
  return [...first.values()].sort((one, other) => one.seq - other.seq);
}

/** By time of arrival; at the same time, as they are listed. */
function arrivalsInOrder(records: readonly PacketRecord[]): PacketRecord[] {
  const first = new Set(firstArrivals(records));
  return records
    .filter((record) => record.receivedMs !== null && first.has(record))
    .sort((one, other) => one.receivedMs! - other.receivedMs!);
}
