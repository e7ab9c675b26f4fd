import { wilson } from '../base/statistics.js';
import type { RunResult, ScenarioResult } from '../verdict/types.js';
import { figuresOf } from './figures.js';

/** A run folder and what it holds. */
export interface NamedRun {
  name: string;
  run: RunResult;
}

/** A figure over the repeats of one scenario in one run. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** One scenario in one run, its repeats taken together. */
export interface Column {
  runs: number;
  /** Those that went as they should, invalid ones left out. */
  asExpected: number;
  invalid: number;
  /** 95 % interval (Wilson) of the share that goes as it should; null without a trusted run. */
  interval: [number, number] | null;
  verdicts: ScenarioResult['verdict'][];
  /** Null where no run measured it. */
  figures: Record<FigureName, Spread | null>;
}

type FigureName = (typeof FIGURES)[number]['name'];

type Change = 'same' | 'better' | 'worse' | 'flaky' | 'new' | 'gone' | 'unknown';

export interface ComparedScenario {
  id: string;
  /** In the order of the runs; null where a run has none of it. */
  columns: (Column | null)[];
  /** From the first run to the last. `flaky`: not even its repeats agree; `unknown`: not one trusted run on a side. */
  change: Change;
  /** Figures whose ranges don't overlap between the first run and the last; both have repeats, or it says nothing. */
  moved: { figure: FigureName; change: 'better' | 'worse' }[];
}

/** Figures that are compared, with their units, and whether less is better. */
export const FIGURES = [
  { name: 'p95 ringback', unit: 'ms', lessIsBetter: true },
  { name: 'heard share', unit: 'share', lessIsBetter: false },
  { name: 'detection', unit: 'ms', lessIsBetter: true },
  { name: 'settling', unit: 'ms', lessIsBetter: true },
  { name: 'excess moves', unit: 'transitions', lessIsBetter: true },
  { name: 'overall score', unit: 'points', lessIsBetter: false },
] as const;

const TWO_SIDED_95 = 1.96;
/** Fewer repeats than this show no range. */
const FEWEST_REPEATS = 3;

/** What got better, worse or flaky from the first run to the last, scenario by scenario, in the order they first appear. */
export function compareRuns(runs: readonly NamedRun[]): ComparedScenario[] {
  const ids = new Set(runs.flatMap(({ run }) => run.scenarios.map(({ id }) => baseId(id))));
  return [...ids].map((id) => {
    const columns = runs.map(({ run }) => columnOf(run.scenarios.filter((one) => baseId(one.id) === id)));
    const first = columns[0] ?? null;
    const last = columns.at(-1) ?? null;
    return {
      id,
      columns,
      change: changeOf(first, last),
      moved: first && last ? movedBetween(first, last) : [],
    };
  });
}

/** Repeats are numbered: `carrier-cut.1`, `carrier-cut.2` … */
const baseId = (id: string): string => id.replace(/\.\d+$/, '');

function columnOf(results: readonly ScenarioResult[]): Column | null {
  if (results.length === 0) return null;
  const trusted = results.filter(({ verdict }) => verdict !== 'invalid');
  const asExpected = trusted.filter((result) => result.asExpected).length;
  const measured = trusted.map(figuresToCompare);
  return {
    runs: results.length,
    asExpected,
    invalid: results.length - trusted.length,
    interval: trusted.length === 0 ? null : wilson(asExpected, trusted.length, TWO_SIDED_95),
    verdicts: results.map(({ verdict }) => verdict),
    figures: Object.fromEntries(
      FIGURES.map(({ name }) => [name, spread(measured.map((figures) => figures[name]))]),
    ) as Column['figures'],
  };
}

function figuresToCompare(result: ScenarioResult): Record<FigureName, number | null> {
  const { ringbackP95Ms, heardShare } = figuresOf(result);
  const { detectionMs, settleMs, excessTransitions } = result.failover;
  return {
    'p95 ringback': ringbackP95Ms,
    'heard share': heardShare,
    detection: detectionMs,
    settling: settleMs,
    'excess moves': excessTransitions,
    'overall score': result.scorecard.overall,
  };
}

function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  const median = sorted[sorted.length >> 1];
  return least === undefined || most === undefined || median === undefined ? null : { median, least, most };
}

function changeOf(first: Column | null, last: Column | null): Change {
  if (!first) return last ? 'new' : 'unknown';
  if (!last) return 'gone';
  const isMixed = ({ asExpected, runs, invalid }: Column) => asExpected > 0 && asExpected < runs - invalid;
  if (isMixed(last)) return 'flaky';
  if (!first.interval || !last.interval) return 'unknown';
  const before = first.asExpected / (first.runs - first.invalid);
  const after = last.asExpected / (last.runs - last.invalid);
  return after === before ? 'same' : after > before ? 'better' : 'worse';
}

function movedBetween(first: Column, last: Column): ComparedScenario['moved'] {
  if (first.runs - first.invalid < FEWEST_REPEATS || last.runs - last.invalid < FEWEST_REPEATS) return [];
  return FIGURES.flatMap(({ name, lessIsBetter }): ComparedScenario['moved'] => {
    const before = first.figures[name];
    const after = last.figures[name];
    if (!before || !after || (after.least <= before.most && after.most >= before.least)) return [];
    const fell = after.most < before.least;
    return [{ figure: name, change: fell === lessIsBetter ? 'better' : 'worse' }];
  });
}
