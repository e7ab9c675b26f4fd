import type { Chance, Impairment, Loss, Reorder } from '../plan/impairment.js';
import type { Interval } from '../base/statistics.js';

/** A share in the long run, and how much one packet's fate depends on the one before it. */
export interface LongRun {
  share: number;
  /** Correlation of neighbours, 0–1: the more, the fewer packets are as good as independent. */
  correlation: number;
}

/** What a model of loss comes to in the long run. */
export function expectedLoss(loss: Loss): LongRun {
  switch (loss.kind) {
    case 'random':
      return { share: expectedShare(loss), correlation: loss.correlation };
    case 'gilbert-elliott': {
      const { p, r, h, k } = loss;
      const bad = p + r === 0 ? 0 : p / (p + r);
      return { share: bad * (1 - h) + (1 - bad) * (1 - k), correlation: clamp(1 - p - r) };
    }
    case 'four-state':
      return fourStates(loss);
    case 'pattern':
      return { share: loss.lose.filter(Boolean).length / loss.lose.length, correlation: 0 };
  }
}

/** Balance of netem's four states (Salsano et al. 2012): flows into and out of each are equal. */
function fourStates({ p13, p31, p32, p23, p14 }: Extract<Loss, { kind: 'four-state' }>): LongRun {
  // With state 1 weighing 1: what leaves a burst is what enters it, and isolated losses last for one packet.
  const lost = p31 === 0 ? 0 : p13 / p31;
  const within = p23 === 0 ? 0 : (lost * p32) / p23;
  const all = 1 + lost + within + p14;
  return { share: (lost + p14) / all, correlation: clamp(1 - p13 - p31) };
}

const BINS = 2000;
const ROUNDS = 40;

/**
 * How often x_n = (1 − c)·u_n + c·x_(n−1) is below `share`. Such draws crowd around ½, so a share below ½ comes true more
 * rarely than asked for: that is netem's meaning of correlation. The stationary distribution is the fixed point of
 * F(t) = ∫ F((t − (1 − c)·u) / c) du, found on a grid.
 */
export function expectedShare({ share, correlation: c }: Chance): number {
  if (c === 0 || share === 0 || share === 1) return share;
  if (c === 1) return share;
  let cumulative = Float64Array.from({ length: BINS + 1 }, (_, bin) => bin / BINS);
  const at = (x: number) => cumulative[Math.round(clamp(x) * BINS)]!;
  for (let round = 0; round < ROUNDS; round++) {
    // ∫ F over [a, b] by the running sum of the grid.
    const sums = new Float64Array(BINS + 2);
    for (let bin = 0; bin <= BINS; bin++) sums[bin + 1] = sums[bin]! + cumulative[bin]!;
    const integral = (x: number) =>
      x <= 0 ? 0 : x >= 1 ? sums[BINS]! / BINS + (x - 1) : sums[Math.round(x * BINS)]! / BINS;
    cumulative = cumulative.map((_, bin) => {
      const t = bin / BINS;
      const high = t / c;
      const low = (t - (1 - c)) / c;
      return clamp((integral(high) - integral(low)) / (high - low));
    });
  }
  return at(share);
}

/** Share of packets sent at once: after gap − 1 that wait, each has its chance. */
export const expectedReorder = (reorder: Reorder): number => {
  const share = expectedShare(reorder);
  return share === 0 ? 0 : 1 / (reorder.gap - 1 + 1 / share);
};

/**
 * Share of probes that don't arrive: lost, or damaged and so thrown away by the receiver for their checksum. A queue that
 * has an end loses more when other traffic fills it.
 */
export function expectedMissing({
  loss,
  corrupt,
  duplicate,
  rate,
}: Impairment): LongRun & { range: Interval } {
  const lost = loss ? expectedLoss(loss) : { share: 0, correlation: 0 };
  const damaged = corrupt ? expectedShare(corrupt) : 0;
  const copied = duplicate ? expectedShare(duplicate) : 0;
  // Of a packet that is both lost and copied, one remains; a bit flipped in the frame's header may do no harm.
  const gone = (copies: number, harm: number) => 1 - (1 - lost.share * (1 - copies)) * (1 - damaged * harm);
  const bounded = rate !== null && (rate.limitMs ?? rate.limitPackets) !== null;
  return {
    share: gone(copied, 1),
    correlation: Math.max(lost.correlation, corrupt?.correlation ?? 0),
    range: [gone(copied, HARM_LEAST), bounded ? 1 : gone(0, 1)],
  };
}

/** Of the bits of a probe's frame, those under a checksum: all but the Ethernet header's 14 of some 70 bytes. */
const HARM_LEAST = 0.75;

/** Median one-way delay. Jitter that keeps the order pushes packets back behind those in front of them. */
export function expectedDelay({ delay, slot, rate }: Impairment): Interval {
  const { ms, jitterMs, distribution } = delay ?? { ms: 0, jitterMs: 0, distribution: 'uniform' as const };
  const pushed = jitterMs * (distribution === 'uniform' ? 1 : TAIL);
  const skewed = distribution === 'uniform' || distribution === 'normal' ? 0 : jitterMs;
  const queued = rate === null ? 0 : Infinity;
  return [Math.max(0, ms - skewed), ms + pushed + (slot?.maxMs ?? 0) + queued];
}

/** Standard deviations that the largest of some hundred delays lies above the mean. */
const TAIL = 4;

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
