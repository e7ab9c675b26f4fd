import { FIGURES, type Column, type ComparedScenario, type NamedRun, type Spread } from './compare.js';
import { percent, printable, seconds } from './text.js';

/**
 * A comparison for the terminal: a paragraph for each scenario in which something differs, with a line a run; then those in
 * which nothing does, by name; and at the end how many moved which way.
 */
export function comparisonText(runs: readonly NamedRun[], compared: readonly ComparedScenario[]): string {
  const width = Math.max(...runs.map(({ name }) => printable(name).length));
  const count = (change: ComparedScenario['change']) =>
    compared.filter((one) => one.change === change).length;
  const differing = compared.filter((one) => unchangedOutcome(one) === null);
  return [
    ...differing.flatMap(({ id, columns, change, moved }) => [
      `${printable(id)}: ${[change, ...moved.map((one) => `${one.figure} ${one.change}`)].join(', ')}`,
      ...columns.map(
        (column, index) => `  ${printable(runs[index]?.name ?? '').padEnd(width)}  ${columnText(column)}`,
      ),
    ]),
    ...unchangedLines(compared),
    '',
    (['better', 'worse', 'flaky', 'same', 'new', 'gone', 'unknown'] as const)
      .map((change) => `${count(change)} ${change}`)
      .join(', '),
    '',
  ].join('\n');
}

/** Whether it went as expected every time, or not once, in runs that are all trusted; null where anything differs. */
function unchangedOutcome({ columns, moved }: ComparedScenario): boolean | null {
  if (moved.length > 0) return null;
  if (columns.every((column) => column?.invalid === 0 && column.asExpected === column.runs)) return true;
  return columns.every((column) => column?.invalid === 0 && column.asExpected === 0) ? false : null;
}

/** Those that go wrong as ever are told apart from those that go well. */
function unchangedLines(compared: readonly ComparedScenario[]): string[] {
  const line = (what: string, outcome: boolean): string[] => {
    const ids = compared.filter((one) => unchangedOutcome(one) === outcome).map(({ id }) => printable(id));
    return ids.length === 0 ? [] : [`${ids.length} ${what}: ${briefly(ids).join(', ')} (figures: --json)`];
  };
  return [...line('unchanged', true), ...line('unchanged, and not as expected', false)];
}

/** A twin that comes after its scenario, or after another twin of it, goes without the scenario's name: `@sbc-without-probing`. */
const briefly = (ids: readonly string[]): string[] =>
  ids.map((id, index) => {
    const [name, defect] = id.split('@');
    return defect !== undefined && ids[index - 1]?.split('@')[0] === name ? `@${defect}` : id;
  });

function columnText(column: Column | null): string {
  if (!column) return 'not run';
  const { runs, invalid, asExpected, interval } = column;
  const trusted = runs - invalid;
  const share =
    interval === null
      ? 'no trusted run'
      : `${asExpected} of ${trusted} as expected (95 %: ${percent(interval[0])} to ${percent(interval[1])})`;
  const figures = FIGURES.flatMap(({ name, unit }) => {
    const spread = column.figures[name];
    return spread ? [`${name} ${spreadText(spread, unit)}`] : [];
  });
  return [share, ...(invalid > 0 ? [`${invalid} invalid`] : []), ...figures].join('; ');
}

function spreadText({ median, least, most }: Spread, unit: (typeof FIGURES)[number]['unit']): string {
  const shown = (value: number): string => {
    if (unit === 'ms') return seconds(value);
    return unit === 'share' ? percent(value) : String(Math.round(value));
  };
  return least === most ? shown(median) : `${shown(median)} (${shown(least)} to ${shown(most)})`;
}
