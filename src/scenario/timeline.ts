import type { MatchFields } from './schema-match.js';
import type { LinkEntry, NodeEntry, PowerEntry, Scenario, TimelineEntry } from './schema.js';

/** Traffic goes on for this long after the last fault when a scenario gives no duration. */
const quietAfterMs = 20_000;

/** When a fault of a link or a node is there: milliseconds from the start of traffic; until null means to the end. */
export interface Occurrence {
  target: string;
  atMs: number;
  untilMs: number | null;
}

type Time = Omit<Occurrence, 'target'>;

const keys = ['cut', 'impair', 'block', 'power', 'freeze', 'answer', 'crash', 'starve', 'dns'] as const;

/** The key that says what kind of fault it is; its value is the link or the node. */
export const kindOf = (entry: TimelineEntry): (typeof keys)[number] =>
  keys.find((key) => key in entry) ?? 'cut';

export const isOfNode = (entry: TimelineEntry): entry is NodeEntry =>
  !['cut', 'impair', 'block'].includes(kindOf(entry));

export const linkOf = (entry: LinkEntry): string =>
  'cut' in entry ? entry.cut : 'impair' in entry ? entry.impair : entry.block;

/** The nodes that a fault is about, in its order. */
export function nodesOf(entry: NodeEntry): string[] {
  if ('power' in entry) return typeof entry.power === 'string' ? [entry.power] : entry.power;
  if ('answer' in entry) return [entry.answer];
  if ('dns' in entry) return [entry.dns];
  return ['freeze' in entry ? entry.freeze : 'crash' in entry ? entry.crash : entry.starve];
}

/** How long it lasts each time; undefined: to the end. */
export const lengthOf = (entry: TimelineEntry): number | undefined =>
  'crash' in entry ? entry['restart-after'] : entry.for;

/** A repeated fault written out one by one, and that of several nodes node by node. */
export function occurrencesOf(entry: TimelineEntry): Occurrence[] {
  const { at, repeat } = entry;
  const lengthMs = lengthOf(entry);
  const times = Array.from({ length: repeat?.times ?? 1 }, (_, index) => {
    const atMs = at + index * (repeat?.every ?? 0);
    return { atMs, untilMs: lengthMs === undefined ? null : atMs + lengthMs };
  });
  if ('power' in entry)
    return nodesOf(entry).flatMap((target, position) =>
      darkTimes(entry, position, times).map((time) => ({ target, ...time })),
    );
  const [target = ''] = isOfNode(entry) ? nodesOf(entry) : [linkOf(entry)];
  return times.map((time) => ({ target, ...time }));
}

/**
 * When one node of a power fault is dark: from when its battery is empty until it's on again. One that isn't on again when
 * its battery runs out the next time stays dark in between.
 */
function darkTimes(entry: PowerEntry, position: number, outages: readonly Time[]): Time[] {
  const backMs = (entry['boot-delay'] ?? 0) + position * (entry.gap ?? 0);
  const dark: Time[] = [];
  for (const { atMs, untilMs } of outages) {
    const time = { atMs: atMs + (entry.ups ?? 0), untilMs: untilMs === null ? null : untilMs + backMs };
    const last = dark.at(-1);
    if (last && last.untilMs !== null && last.untilMs >= time.atMs) last.untilMs = time.untilMs;
    else dark.push(time);
  }
  return dark;
}

/** How long new calls are placed. */
export function trafficMsOf(scenario: Pick<Scenario, 'duration' | 'timeline'>): number {
  if (scenario.duration !== undefined) return scenario.duration;
  const ends = scenario.timeline.flatMap(occurrencesOf).map(({ atMs, untilMs }) => untilMs ?? atMs);
  return Math.max(0, ...ends) + quietAfterMs;
}

/**
 * How two faults contradict each other while both are in force; null if they can be had at once. `earlier` stands
 * before `later` in the file. A cut wins over everything. Of the others a packet meets the first whose `only` it matches:
 * blocks, then impairments in the order of the file, then the impairment without `only`. So there can be one without, and
 * none may leave nothing to another (`shadowed`).
 */
export function contradiction(earlier: LinkEntry, later: LinkEntry): 'both' | 'shadowed' | null {
  if (linkOf(earlier) !== linkOf(later) || !shareDirection(earlier, later)) return null;
  if ('cut' in earlier || 'cut' in later) return 'cut' in earlier && 'cut' in later ? 'both' : null;
  const [first, second] =
    'block' in later && !('block' in earlier) ? [later.only, earlier.only] : [earlier.only, later.only];
  if (first === undefined || second === undefined) return first === second ? 'both' : null;
  return covers(first, second) && first.sip?.first === undefined ? 'shadowed' : null;
}

function shareDirection(one: LinkEntry, other: LinkEntry): boolean {
  const direction = (entry: LinkEntry) =>
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

export const overlap = (one: Time, other: Time): boolean =>
  one.atMs < (other.untilMs ?? Infinity) && other.atMs < (one.untilMs ?? Infinity);
