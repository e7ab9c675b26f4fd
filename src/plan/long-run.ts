import { crowdedDraws } from './crowded-draws.js';
import type { Chance, Loss } from './impairment.js';

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

/**
 * How often x_n = (1 − c)·u_n + c·x_(n−1) is below `share`. Such draws crowd around ½, so a share below ½ comes true more
 * rarely than asked for: that is netem's meaning of correlation.
 */
export function expectedShare({ share, correlation: c }: Chance): number {
  if (c === 0 || c === 1 || share === 0 || share === 1) return share;
  return crowdedDraws(c)(share);
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
