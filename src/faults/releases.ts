import { medianInterval, quantile } from '../base/statistics.js';
import type { Slot } from '../plan/impairment.js';
import type { Releases } from '../runfolder/journal.js';

/** Packets of one release are delivered within this; longer than half of a slot it never is. */
const TOGETHER_MS = 3;

/**
 * Moments at which packets arrived together, by when each arrived (ms, in any order). What is further apart than
 * `pauseMs` isn't counted as neighbours: nothing was sent meanwhile.
 */
export function releasesOf(arrivedAtMs: readonly number[], { minMs }: Slot, pauseMs: number): Releases {
  const times = arrivedAtMs.toSorted((a, b) => a - b);
  const togetherMs = Math.min(TOGETHER_MS, minMs / 2);
  const begins: number[] = [];
  let most = 0;
  let together = 0;
  for (const [index, atMs] of times.entries()) {
    const before = times[index - 1];
    const isNew = before === undefined || atMs - before > togetherMs;
    if (isNew) begins.push(atMs);
    together = isNew ? 1 : together + 1;
    most = Math.max(most, together);
  }
  const apart = begins
    .flatMap((atMs, index) => (index === 0 ? [] : [atMs - begins[index - 1]!]))
    .filter((apartMs) => apartMs < pauseMs)
    .sort((a, b) => a - b);
  return { count: begins.length, apartMs: quantile(apart, 0.5), intervalMs: medianInterval(apart), most };
}
