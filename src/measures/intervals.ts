import type { Outage } from './types.js';

/** Stretches of time, [startMs, endMs). All functions give them sorted and disjoint. */
export type Interval = Outage;

/** Sorts, and joins those that overlap or touch. */
export function union(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const { startMs, endMs } of intervals
    .filter(({ startMs, endMs }) => endMs > startMs)
    .sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

/** What is in both. */
export function intersection(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  return union(
    some.flatMap((one) =>
      others.map((other) => ({
        startMs: Math.max(one.startMs, other.startMs),
        endMs: Math.min(one.endMs, other.endMs),
      })),
    ),
  );
}

/** What is in `some` and in none of `others`. */
export function difference(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const holes = union(others);
  return union(some).flatMap(({ startMs, endMs }) => {
    const left: Interval[] = [];
    let from = startMs;
    for (const hole of holes) {
      if (hole.endMs <= from || hole.startMs >= endMs) continue;
      left.push({ startMs: from, endMs: hole.startMs });
      from = hole.endMs;
    }
    return union([...left, { startMs: from, endMs }]);
  });
}

export const contains = (intervals: readonly Interval[], atMs: number): boolean =>
  intervals.some(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);

/** Length of the longest, 0 for none. */
export const longestMs = (intervals: readonly Interval[]): number =>
  intervals.reduce((longest, { startMs, endMs }) => Math.max(longest, endMs - startMs), 0);
