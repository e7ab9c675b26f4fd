import { area, curveStepAfter, stack, stackOffsetExpand } from 'd3-shape';
import type { CallMeasure } from '../../measures/types.js';

/** Narrowest column of the strip; a column holds a few calls at the rates that labs run at. */
const MIN_BIN_MS = 1000;
const MAX_BINS = 40;

interface Scales {
  x: (atMs: number) => number;
  /** Share 0–1 to a height. */
  y: (share: number) => number;
}

/** The share of each trunk among the calls placed over time, stacked: an SVG path for each of `trunks`. */
export function sharePaths(
  calls: readonly CallMeasure[],
  trunks: readonly (string | null)[],
  span: { fromMs: number; toMs: number },
  { x, y }: Scales,
): string[] {
  const binMs = Math.max(MIN_BIN_MS, Math.ceil((span.toMs - span.fromMs) / MAX_BINS / 1000) * 1000);
  const bins = Math.ceil((span.toMs - span.fromMs) / binMs);
  const columns = Array.from({ length: bins + 1 }, (_, index) => ({
    atMs: Math.min(span.fromMs + index * binMs, span.toMs),
    counts: new Array<number>(trunks.length).fill(0),
  }));
  for (const { inviteAt, trunk } of calls) {
    if (inviteAt === null) continue;
    const counts = columns[Math.floor((inviteAt - span.fromMs) / binMs)]?.counts;
    const index = trunks.indexOf(trunk);
    if (counts?.[index] !== undefined) counts[index] += 1;
  }
  const layers = stack<unknown, (typeof columns)[number], number>()
    .keys(trunks.keys())
    .value(({ counts }, index) => counts[index] ?? 0)
    .offset(stackOffsetExpand)(columns);
  const draw = area<(typeof layers)[number][number]>()
    .x((point) => x(point.data.atMs))
    .y0((point) => y(finite(point[0])))
    .y1((point) => y(finite(point[1])))
    .curve(curveStepAfter)
    .digits(1);
  return layers.map((layer) => draw(layer) ?? '');
}

/** An empty column has no share. */
const finite = (share: number): number => (Number.isFinite(share) ? share : 0);
