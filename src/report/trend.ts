import { FIGURES, type Column, type ComparedScenario, type NamedRun } from './compare.js';
import { percent, printable, seconds } from './text.js';

export interface TrendScenario {
  id: string;
  /** A mark a run: it went as it should, it didn't, its repeats don't agree, it can't be trusted, it was not run. */
  marks: ('yes' | 'no' | 'flaky' | 'invalid' | 'absent')[];
  figures: TrendFigure[];
}

export interface TrendFigure {
  name: string;
  unit: (typeof FIGURES)[number]['unit'];
  /** The median of each run; null where none measured it. Infinity: it never came. */
  medians: (number | null)[];
  first: string;
  last: string;
}

/** Scenarios over many runs, from the oldest to the newest; a figure that no run has is left out. */
export const trendOf = (compared: readonly ComparedScenario[]): TrendScenario[] =>
  compared.map(({ id, columns }) => ({
    id: printable(id),
    marks: columns.map(markOf),
    figures: FIGURES.flatMap(({ name, unit }): TrendFigure[] => {
      const medians = columns.map((column) => column?.figures[name]?.median ?? null);
      const known = medians.filter((median) => median !== null);
      const [first] = known;
      const last = known.at(-1);
      return first === undefined || last === undefined
        ? []
        : [{ name, unit, medians, first: shown(first, unit), last: shown(last, unit) }];
    }),
  }));

function markOf(column: Column | null): TrendScenario['marks'][number] {
  if (!column) return 'absent';
  const trusted = column.runs - column.invalid;
  if (trusted === 0) return 'invalid';
  if (column.asExpected === trusted) return 'yes';
  return column.asExpected === 0 ? 'no' : 'flaky';
}

function shown(value: number, unit: TrendFigure['unit']): string {
  if (unit === 'ms') return seconds(value);
  return unit === 'share' ? percent(value) : String(Math.round(value));
}

const MARKS = { yes: '✔', no: '✘', flaky: '~', invalid: '?', absent: '·' } as const;
const BLOCKS = '▁▂▃▄▅▆▇█';

/** For the terminal: a line a scenario with a mark a run, and under it its figures as small columns. */
export function trendText(runs: readonly NamedRun[], trend: readonly TrendScenario[]): string {
  const width = Math.max(...FIGURES.map(({ name }) => name.length));
  const first = printable(runs[0]?.name ?? '');
  const last = printable(runs.at(-1)?.name ?? '');
  return [
    `${runs.length} runs, from ${first} to ${last}`,
    '✔ as it should · ✘ not · ~ its repeats differ · ? not to be trusted · · not run',
    '',
    ...trend.flatMap(({ id, marks, figures }) => [
      id,
      `  ${'verdict'.padEnd(width)}  ${marks.map((mark) => MARKS[mark]).join('')}`,
      ...figures.map(
        ({ name, medians, first: from, last: to }) =>
          `  ${name.padEnd(width)}  ${columns(medians)}  ${from} → ${to}`,
      ),
    ]),
    '',
  ].join('\n');
}

/** From 0 to the greatest; what never came is full, what wasn't measured is left open. */
function columns(medians: TrendFigure['medians']): string {
  const most = Math.max(
    ...(medians.filter((median) => median !== null && Number.isFinite(median)) as number[]),
    0,
  );
  return medians
    .map((median) => {
      if (median === null) return '·';
      const share = most === 0 ? (Number.isFinite(median) ? 0 : 1) : Math.min(1, median / most);
      return BLOCKS[Math.round(share * (BLOCKS.length - 1))];
    })
    .join('');
}
