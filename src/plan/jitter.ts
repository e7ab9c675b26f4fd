import type { Delay } from './impairment.js';

/** Standard deviations from the mean at which the tails of netem's own tables end, on both emulators. */
export const LONGEST_JITTER = 4;

/** The most by which jitter makes a delay longer or shorter, ms. */
export const longestJitterMs = ({
  jitterMs,
  distribution,
}: Pick<Delay, 'jitterMs' | 'distribution'>): number =>
  jitterMs * (distribution === 'uniform' ? 1 : LONGEST_JITTER);
