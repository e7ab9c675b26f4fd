import type { Interval } from '../base/statistics.js';
import type { Impairment, Reorder } from '../plan/impairment.js';
import { longestJitterMs } from '../plan/jitter.js';
import { expectedLoss, expectedShare, type LongRun } from '../plan/long-run.js';

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
  const pushed = longestJitterMs({ jitterMs, distribution });
  const skewed = distribution === 'uniform' || distribution === 'normal' ? 0 : jitterMs;
  // Where a slot takes so many packets only, others wait for the next ones.
  const queued = rate === null && (slot?.packets ?? null) === null ? 0 : Infinity;
  return [Math.max(0, ms - skewed), ms + pushed + (slot?.maxMs ?? 0) + queued];
}
