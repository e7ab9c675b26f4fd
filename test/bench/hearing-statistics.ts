import type { Answer } from './hearing-score.js';

/** k of n, with the 95 % interval that Wilson gives for the share. */
export interface Rate {
  k: number;
  n: number;
  share: number;
  low: number;
  high: number;
}

const Z = 1.959964;

export function rate(k: number, n: number): Rate {
  if (n === 0) return { k, n, share: NaN, low: 0, high: 1 };
  const share = k / n;
  const middle = share + (Z * Z) / (2 * n);
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return {
    k,
    n,
    share,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}

/** Of those that it was true of, those noticed; of those noticed, those that it was true of. The grey is left out. */
export function recallAndPrecision(answers: readonly Pick<Answer, 'truth' | 'heard'>[]): {
  recall: Rate;
  precision: Rate;
  grey: number;
} {
  const clear = answers.filter(({ truth }) => truth !== null);
  const positive = clear.filter(({ truth }) => truth);
  const noticed = clear.filter(({ heard }) => heard);
  const both = positive.filter(({ heard }) => heard).length;
  return {
    recall: rate(both, positive.length),
    precision: rate(both, noticed.length),
    grey: answers.length - clear.length,
  };
}

/** The value that this share of the values is below. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** The same with the truth to the letter, grey calls too. */
export function literally(answers: readonly Answer[]): ReturnType<typeof recallAndPrecision> {
  return recallAndPrecision(answers.map(({ literal, heard }) => ({ truth: literal, heard })));
}
