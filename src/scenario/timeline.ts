import type { MatchFields } from './schema-match.js';
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

/** The key that says what kind of fault it is; its value is the link. */
export const kindOf = (entry: TimelineEntry): 'cut' | 'impair' | 'block' =>
  'cut' in entry ? 'cut' : 'impair' in entry ? 'impair' : 'block';

export const linkOf = (entry: TimelineEntry): string =>
  'cut' in entry ? entry.cut : 'impair' in entry ? entry.impair : entry.block;

/**
 * How two faults contradict each other while both are in force; null if they can be had at once. `earlier` stands
 * before `later` in the file. A cut wins over everything. Of the others a packet meets the first whose `only` it matches:
 * blocks, then impairments in the order of the file, then the impairment without `only`. So there can be one without, and
 * none may leave nothing to another (`shadowed`).
 */
export function contradiction(earlier: TimelineEntry, later: TimelineEntry): 'both' | 'shadowed' | null {
  if (linkOf(earlier) !== linkOf(later) || !shareDirection(earlier, later)) return null;
  if ('cut' in earlier || 'cut' in later) return 'cut' in earlier && 'cut' in later ? 'both' : null;
  const [first, second] =
    'block' in later && !('block' in earlier) ? [later.only, earlier.only] : [earlier.only, later.only];
  if (first === undefined || second === undefined) return first === second ? 'both' : null;
  return covers(first, second) && first.sip?.first === undefined ? 'shadowed' : null;
}

function shareDirection(one: TimelineEntry, other: TimelineEntry): boolean {
  const direction = (entry: TimelineEntry) =>
    'cut' in entry && entry.mode !== 'one-way' ? undefined : entry.from;
  const [a, b] = [direction(one), direction(other)];
  return a === undefined || b === undefined || a === b;
}

/** True if every packet that matches `narrow` matches `wide`: all that `wide` names, `narrow` names alike. */
function covers(wide: MatchFields, narrow: MatchFields): boolean {
  const within = (outer: object, inner: object): boolean =>
    Object.entries(outer).every(([key, value]: [string, unknown]) => {
      const other = (inner as Record<string, unknown>)[key];
      if (Array.isArray(value) || typeof value !== 'object' || value === null)
        return JSON.stringify(value) === JSON.stringify(other);
      return typeof other === 'object' && other !== null && within(value, other);
    });
  return within(wide, narrow);
}

export const overlap = (one: Occurrence, other: Occurrence): boolean =>
  one.atMs < (other.untilMs ?? Infinity) && other.atMs < (one.untilMs ?? Infinity);
