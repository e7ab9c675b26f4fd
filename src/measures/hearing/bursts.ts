/** Packets received in a row that end a burst (RFC 3611 §4.7.2, Gmin). */
const GMIN = 16;

/** How loss is spread over time. Durations and densities as in RFC 3611 §4.7.2, of what was lost or discarded. */
export interface LossPattern {
  /** Missing over all, 0–1. */
  share: number;
  /**
   * BurstR of the E-model: mean length of runs of missing packets over that at random loss of the same share (ITU-T G.107
   * §7.5), at least 1.
   */
  burstR: number;
  /** Bursts: from a missing packet to another with fewer than 16 received in a row in between; two or more missing. */
  burst: { count: number; meanMs: number; density: number };
  /** What is not in bursts. */
  gap: { meanMs: number; density: number };
}

/**
 * The pattern of loss in a row of packets or frames of `eachMs`, true where one was lost or came too late. Null for
 * none at all.
 *
 * BurstR is taken from runs of missing packets, not from the bursts: at 5 % of random loss two losses are closer than 16
 * packets more often than not, so that even random loss has bursts of many packets, and BurstR must be 1 there.
 */
export function lossPattern(missing: readonly boolean[], eachMs: number): LossPattern | null {
  if (missing.length === 0) return null;
  const at = missing.flatMap((isMissing, i) => (isMissing ? [i] : []));
  const runs = at.filter((place, i) => place !== at[i - 1]! + 1).length;
  const share = at.length / missing.length;
  const bursts = burstsOf(at);
  const inBursts = bursts.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const lostInBursts = bursts.reduce((sum, { lost }) => sum + lost, 0);
  const gaps = missing.length - inBursts;
  const over = (a: number, b: number): number => (b > 0 ? a / b : 0);
  return {
    share,
    burstR: runs > 0 ? Math.max(1, (at.length / runs) * (1 - share)) : 1,
    burst: {
      count: bursts.length,
      meanMs: over(inBursts * eachMs, bursts.length),
      density: over(lostInBursts, inBursts),
    },
    gap: { meanMs: (gaps * eachMs) / (bursts.length + 1), density: over(at.length - lostInBursts, gaps) },
  };
}

function burstsOf(at: readonly number[]): { from: number; to: number; lost: number }[] {
  const clusters: { from: number; to: number; lost: number }[] = [];
  for (const place of at) {
    const last = clusters.at(-1);
    if (last && place - last.to <= GMIN) {
      last.to = place;
      last.lost++;
    } else clusters.push({ from: place, to: place, lost: 1 });
  }
  return clusters.filter(({ lost }) => lost > 1);
}
