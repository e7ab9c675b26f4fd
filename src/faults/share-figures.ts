import { meet, wilson, type Interval } from '../base/statistics.js';
import type { Impairment } from '../plan/impairment.js';
import { expectedShare } from '../plan/long-run.js';
import type { ProbeSeries, ProofFigure } from '../runfolder/journal.js';
import { expectedMissing, expectedReorder } from './expected.js';
import { probed, unprovenFigure } from './probed.js';

/** netem may damage the Ethernet header too, of some 1000 bytes 14. */
const SEEN_LEAST = 0.98;

/** Probes that came twice, and those that were sent past others. */
export function shareFigures(series: ProbeSeries, { loss, duplicate, reorder }: Impairment): ProofFigure[] {
  if (series.received === 0) return [];
  const copied = duplicate ? expectedShare(duplicate) : 0;
  // Of a packet that is both lost and copied, one remains, which looks like no copy; and copies may be lost to noise.
  const least = loss ? 0.5 : 1;
  const copies = shareFigure(series, 'duplicate', [series.duplicates, series.received], {
    requested: [copied * least, copied],
    correlation: duplicate?.correlation ?? 0,
  });
  if (series.atOnce === null) {
    const why = 'the delay is too short to tell what was sent at once';
    return reorder ? [copies, unknownShare(series, 'reorder', why)] : [copies];
  }
  const overtaking = reorder ? expectedReorder(reorder) : 0;
  const overtook = shareFigure(series, 'reorder', [series.atOnce, series.received + series.duplicates], {
    requested: [overtaking, overtaking],
    correlation: reorder?.correlation ?? 0,
  });
  return [copies, overtook];
}

/** Bare probes that arrived damaged, of all that arrived; none for an impairment that damages nothing. */
export function corruptFigure(series: ProbeSeries, { corrupt, duplicate }: Impairment): ProofFigure[] {
  if (!corrupt || series.damaged === null) return [];
  const share = expectedShare(corrupt);
  const { count, bitsSeen } = series.damaged;
  const arrived = series.received + count;
  if (arrived === 0) return [unknownShare(series, 'corrupt', 'none arrived')];
  // Of a copied packet, one stays whole.
  const copied = duplicate ? expectedShare(duplicate) : 0;
  const requested: Interval = [(share * bitsSeen * SEEN_LEAST) / (1 + copied), share];
  const { correlation } = corrupt;
  return [shareFigure(series, 'corrupt', [count, arrived], { requested, correlation })];
}

/** Packets just as long as the MTU lets pass: they fare like all others, and some arrive. */
export function longestFigure(series: ProbeSeries, impairment: Impairment): ProofFigure {
  const { sent, received } = series;
  const { range } = expectedMissing(impairment);
  const interval = wilson(sent - received, sent);
  return {
    ...probed(series),
    what: 'longest',
    unit: 'share',
    requested: range,
    achieved: (sent - received) / sent,
    interval,
    holds: received > 0 && meet(interval, range),
  };
}

/** A share that nobody could look at. */
export const unknownShare = (series: ProbeSeries, what: 'corrupt' | 'reorder', why: string): ProofFigure =>
  unprovenFigure({ ...probed(series), what, unit: 'share', requested: [0, 1] }, why);

/** Held to Wilson's interval, as if there were only so many packets as are independent; some is told from none. */
function shareFigure(
  series: ProbeSeries,
  what: 'duplicate' | 'reorder' | 'corrupt',
  [hits, n]: [hits: number, n: number],
  { requested, correlation }: { requested: Interval; correlation: number },
): ProofFigure {
  const independent = (1 - correlation) / (1 + correlation);
  const interval = wilson(hits * independent, n * independent);
  return {
    ...probed(series),
    what,
    unit: 'share',
    requested,
    achieved: n === 0 ? null : hits / n,
    interval,
    holds: meet(interval, requested) && (requested[1] === 0 ? hits === 0 : interval[0] > 0 && hits > 0),
  };
}
