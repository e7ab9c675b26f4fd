import type { ProofFigure } from '../runfolder/journal.js';

/** What every figure from probes says of them: the end that sent them, and the rule that they met. */
export const probed = ({ from, rule }: Pick<ProofFigure, 'from' | 'rule'>) => ({
  from,
  rule,
  by: 'probes' as const,
});

/** A figure that proves nothing and contradicts nothing, for this reason; with what was met of it all the same, if anything. */
export const unprovenFigure = (
  figure: Omit<ProofFigure, 'achieved' | 'interval' | 'holds' | 'unproven'>,
  unproven: string,
  { achieved = null, interval = null }: Partial<Pick<ProofFigure, 'achieved' | 'interval'>> = {},
): ProofFigure => ({ ...figure, achieved, interval, holds: null, unproven });
