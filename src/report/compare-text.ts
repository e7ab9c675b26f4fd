import { FIGURES, type Column, type ComparedScenario, type NamedRun, type Spread } from './compare.js';
import { percent, printable, seconds } from './text.js';

/** A comparison for the terminal: a paragraph a scenario, a line a run, and at the end how many moved which way. */
export function comparisonText(runs: readonly NamedRun[], compared: readonly ComparedScenario[]): string {
  const width = Math.max(...runs.map(({ name }) => printable(name).length));
  const count = (change: ComparedScenario['change']) =>
    compared.filter((one) => one.change === change).length;
  return [
    ...compared.flatMap(({ id, columns, change, moved }) => [
      `${printable(id)}: ${[change, ...moved.map((one) => `${one.figure} ${one.change}`)].join(', ')}`,
      ...columns.map(
        (column, index) => `  ${printable(runs[index]?.name ?? '').padEnd(width)}  ${columnText(column)}`,
      ),
    ]),
    '',
    (['better', 'worse', 'flaky', 'same', 'new', 'gone', 'unknown'] as const)
      .map((change) => `${count(change)} ${change}`)
      .join(', '),
    '',
  ].join('\n');
}

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
