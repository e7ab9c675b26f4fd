/** Anything that takes up a stretch of the axis, in whatever unit `gap` has too. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Puts spans into as few rows as they need, so that no two in a row overlap or come closer than `gap`. Greedy by
 * start, which is optimal for intervals. Rows count from 0, in the order of the input.
 */
export function packLanes(spans: readonly Span[], gap: number): { lanes: number[]; count: number } {
  const lanes = new Array<number>(spans.length).fill(0);
  const ends: number[] = [];
  const order = spans.map((_, index) => index).sort((a, b) => spans[a]!.from - spans[b]!.from || a - b);
  for (const index of order) {
    const { from, to } = spans[index]!;
    const free = ends.findIndex((end) => end + gap <= from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = to;
    lanes[index] = lane;
  }
  return { lanes, count: ends.length };
}
