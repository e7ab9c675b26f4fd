import type { TimelineEntry } from '../scenario/schema.js';
import { linkOf, occurrencesOf } from '../scenario/timeline.js';
import type { FaultAction, PlannedFault } from './types.js';

/** The timeline with repeats written out, by time. */
export function planFaults(timeline: readonly TimelineEntry[]): PlannedFault[] {
  return timeline
    .flatMap((fault, entry) =>
      occurrencesOf(fault).map((occurrence) => ({
        action: actionOf(fault),
        entry,
        target: linkOf(fault),
        ...occurrence,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ action, ...rest }, index) => ({ id: `fault-${index + 1}`, ...action, ...rest }));
}

function actionOf(fault: TimelineEntry): FaultAction {
  if ('impair' in fault) {
    const { from = null, delay = 0, jitter = 0, loss = 0 } = fault;
    return { kind: 'impair', from, impairment: { delayMs: delay, jitterMs: jitter, lossShare: loss } };
  }
  // The loader has seen to it that a one-way cut has a `from`.
  return fault.mode === 'one-way'
    ? { kind: 'cut', mode: 'one-way', from: fault.from ?? '' }
    : { kind: 'cut', mode: fault.mode };
}
