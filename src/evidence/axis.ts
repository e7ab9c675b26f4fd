/** A moment on both clocks. */
interface ClockMark {
  wallMs: number;
  atMs: number;
}

/**
 * Turns the wall clock of captures into ms on the lab axis, from the journal's clock entries. With several that differ, the
 * offset between the clocks is interpolated linearly between them, and kept before the first and after the last.
 */
export function axisFrom(entries: { atMs: number; wallEpochMs: number }[]): (wallMs: number) => number {
  const marks: ClockMark[] = [];
  for (const { atMs, wallEpochMs } of [...entries].sort((a, b) => a.atMs - b.atMs)) {
    const wallMs = wallEpochMs + atMs;
    // A clock that was set back can't be interpolated; the later entry is left to the judges of the instrument.
    if (marks.every((mark) => mark.wallMs < wallMs)) marks.push({ wallMs, atMs });
  }
  const [first] = marks;
  if (!first) throw new RangeError('a lab axis needs at least one clock entry');
  const last = marks.at(-1)!;
  return (wallMs) => {
    if (wallMs <= first.wallMs) return wallMs - (first.wallMs - first.atMs);
    if (wallMs >= last.wallMs) return wallMs - (last.wallMs - last.atMs);
    const right = marks.findIndex((mark) => mark.wallMs > wallMs);
    const a = marks[right - 1]!;
    const b = marks[right]!;
    return a.atMs + ((wallMs - a.wallMs) * (b.atMs - a.atMs)) / (b.wallMs - a.wallMs);
  };
}
