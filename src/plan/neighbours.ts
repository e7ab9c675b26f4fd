import { bothBelow } from './crowded-draws.js';
import type { Chance, Loss } from './impairment.js';
import { expectedLoss, expectedShare } from './long-run.js';

/** Chance that both of two packets, one right after the other, meet a thing that has a chance, as netem draws it. */
export function bothMeet(chance: Chance): number {
  const { share, correlation } = chance;
  if (correlation === 0) return share * share;
  if (correlation === 1 || share === 0 || share === 1) return expectedShare(chance);
  return bothBelow(correlation, share);
}

/** Chance that both of two packets, one right after the other, are lost. */
export function bothLost(loss: Loss): number {
  switch (loss.kind) {
    case 'random':
      return bothMeet(loss);
    case 'gilbert-elliott': {
      const { p, r, h, k } = loss;
      const bad = p + r === 0 ? 0 : p / (p + r);
      const [inBad, inGood] = [1 - h, 1 - k];
      return (
        bad * inBad * ((1 - r) * inBad + r * inGood) + (1 - bad) * inGood * ((1 - p) * inGood + p * inBad)
      );
    }
    case 'four-state': {
      // Only within a burst two losses follow one another: what is lost alone goes back to good.
      const { p13, p31, p32, p14, p23 } = loss;
      const burst = p31 === 0 ? 0 : p13 / p31;
      const within = p23 === 0 ? 0 : (burst * p32) / p23;
      return (burst / (1 + burst + within + p14)) * (1 - p31 - p32);
    }
    case 'pattern': {
      const { lose } = loss;
      return lose.filter((lost, place) => lost && lose[(place + 1) % lose.length]).length / lose.length;
    }
  }
}

/** Whether what becomes of a packet depends on what became of the one before it. */
export const remembers = (loss: Loss): boolean =>
  Math.abs(bothLost(loss) - expectedLoss(loss).share ** 2) > 1e-9;
