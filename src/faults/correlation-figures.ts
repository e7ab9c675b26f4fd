import { wilson, type Interval } from '../base/statistics.js';
import type { Chance, Impairment } from '../plan/impairment.js';
import { expectedLoss, expectedShare } from '../plan/long-run.js';
import { bothLost, bothMeet, remembers } from '../plan/neighbours.js';
import type { Neighbours, ProbeSeries, ProofFigure } from '../runfolder/journal.js';
import { probed, unprovenFigure } from './probed.js';

/** How often one of two neighbours, and both, meet a thing. */
interface Expected {
  share: number;
  both: number;
}

type Correlated = Extract<
  ProofFigure['what'],
  'loss-correlation' | 'duplicate-correlation' | 'corrupt-correlation' | 'reorder-correlation'
>;

/** True if an impairment has draws that depend on the one before, which only probes in trains can show. */
export const hasMemory = ({ loss, duplicate, corrupt, reorder }: Impairment): boolean =>
  (loss !== null && remembers(loss)) || [duplicate, corrupt, reorder].some(isCorrelated);

/** Correlation of neighbours among probes in trains, beside what the model comes to. */
export function correlationFigures(series: ProbeSeries, impairment: Impairment): ProofFigure[] {
  const { loss, duplicate, corrupt, reorder } = impairment;
  const { neighbours } = series;
  const figure = (what: Correlated, counts: Neighbours | null | undefined, expected: Expected) =>
    correlationFigure(series, what, counts ?? null, expected);
  if (series.kind === 'bare')
    return isCorrelated(corrupt)
      ? [figure('corrupt-correlation', neighbours?.damaged, expectedChance(corrupt))]
      : [];
  if (series.kind !== 'plain') return [];
  return [
    ...(loss && remembers(loss)
      ? [figure('loss-correlation', neighbours?.lost, expectedMissingPair(impairment))]
      : []),
    ...(isCorrelated(duplicate)
      ? [figure('duplicate-correlation', neighbours?.copied, expectedChance(duplicate))]
      : []),
    // With a gap, neighbours never go at once both, whatever the draws.
    ...(isCorrelated(reorder)
      ? [figure('reorder-correlation', reorder.gap > 1 ? null : neighbours?.atOnce, expectedChance(reorder))]
      : []),
  ];
}

const isCorrelated = (chance: Chance | null): chance is Chance =>
  chance !== null && chance.correlation > 0 && chance.share > 0 && chance.share < 1;

const expectedChance = (chance: Chance): Expected => ({
  share: expectedShare(chance),
  both: bothMeet(chance),
});

/** Probes that are missing are lost and not copied, or damaged. */
function expectedMissingPair({ loss, duplicate, corrupt }: Impairment): Expected {
  if (!loss) return { share: 0, both: 0 };
  const kept = 1 - (duplicate ? expectedShare(duplicate) : 0);
  const lost = expectedLoss(loss).share * kept;
  const damaged = corrupt ? expectedShare(corrupt) : 0;
  const both = bothLost(loss) * kept ** 2;
  // Neither is missing if neither is lost nor damaged.
  const neither = (1 - 2 * lost + both) * (1 - damaged) ** 2;
  const share = 1 - (1 - lost) * (1 - damaged);
  return { share, both: 1 - 2 * (1 - share) + neither };
}

/** From how often the second met it, given that the first did: ρ = (P(second | first) − share) / (1 − share). */
function correlationFigure(
  series: ProbeSeries,
  what: Correlated,
  counts: Neighbours | null,
  { share, both }: Expected,
): ProofFigure {
  const correlation = (given: number) => (given - share) / (1 - share);
  const wanted = correlation(both / share);
  const base = {
    ...probed(series),
    what,
    unit: 'correlation' as const,
    requested: [wanted, wanted] as Interval,
  };
  if (counts === null || counts.first === 0) {
    const why = counts === null ? 'neighbours can’t be told here' : 'no probe met it that had a neighbour';
    return unprovenFigure(base, why);
  }
  const [low, high] = wilson(counts.both, counts.first);
  const interval: Interval = [correlation(low), correlation(high)];
  const contradicts = interval[0] > wanted || interval[1] < wanted;
  const achieved = correlation(counts.both / counts.first);
  // What would be met just as well without any correlation isn't told from none.
  const told = interval[0] > 0 || interval[1] < 0;
  if (contradicts || told) return { ...base, achieved, interval, holds: !contradicts };
  const why = `${counts.first} neighbours are too few to tell it from none`;
  return unprovenFigure(base, why, { achieved, interval });
}
