import type { Scenario, TimelineEntry } from './schema.js';

/** Traffic goes on for this long after the last fault when a scenario gives no duration. */
const quietAfterMs = 20_000;

/** When a fault is there: milliseconds from the start of traffic; until null means to the end. */
export interface Occurrence {
  atMs: number;
  untilMs: number | null;
}

/** A repeated fault written out one by one. */
export function occurrencesOf(entry: TimelineEntry): Occurrence[] {
  const { at, for: lengthMs, repeat } = entry;
  return Array.from({ length: repeat?.times ?? 1 }, (_, index) => {
    const atMs = at + index * (repeat?.every ?? 0);
    return { atMs, untilMs: lengthMs === undefined ? null : atMs + lengthMs };
  });
}

/** How long new calls are placed. */
export function trafficMsOf(scenario: Pick<Scenario, 'duration' | 'timeline'>): number {
  if (scenario.duration !== undefined) return scenario.duration;
  const ends = scenario.timeline.flatMap(occurrencesOf).map(({ atMs, untilMs }) => untilMs ?? atMs);
  return Math.max(0, ...ends) + quietAfterMs;
}

export const linkOf = (entry: TimelineEntry): string => ('cut' in entry ? entry.cut : entry.impair);

/**
 * True if two faults can't both be had at once: two cuts, or two impairments, of the same direction of a link.
 * A cut over an impairment is fine: the cut wins while it lasts.
 */
export function contradict(one: TimelineEntry, other: TimelineEntry): boolean {
  if (linkOf(one) !== linkOf(other) || 'cut' in one !== 'cut' in other) return false;
  const direction = (entry: TimelineEntry) =>
    'cut' in entry && entry.mode !== 'one-way' ? undefined : entry.from;
  const [a, b] = [direction(one), direction(other)];
  return a === undefined || b === undefined || a === b;
}

export const overlap = (one: Occurrence, other: Occurrence): boolean =>
  one.atMs < (other.untilMs ?? Infinity) && other.atMs < (one.untilMs ?? Infinity);
