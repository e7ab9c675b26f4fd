import { styleText } from 'node:util';
import type { RunResult, ScenarioResult, Verdict } from '../verdict/types.js';
import { exitMeaning } from './exit.js';
import { earlierLines } from './earlier.js';
import { figuresOf } from './figures.js';
import { cycleLine } from './power-cycles.js';
import { printable, score, seconds } from './text.js';

/** Widest line, so that it fits a terminal of 100 columns; with names of up to 27 characters the table fits one of 80. */
const WIDTH = 100;
const NAME_MAX = 42;

type Colour = Parameters<typeof styleText>[0];
type Paint = (colour: Colour, text: string) => string;

const VERDICT_COLOURS: Record<Verdict, Colour> = {
  pass: 'green',
  degraded: 'yellow',
  fail: 'red',
  invalid: 'magenta',
};

const COLUMNS: [title: string, width: number][] = [
  ['verdict', 9],
  ['ring', 5],
  ['audio', 6],
  ['back', 5],
  ['all', 4],
  ['p95 ring', 9],
  ['1-way', 6],
  ['moves', 6],
];

/** Whether to use colour on a stream: a terminal that can, and no NO_COLOR (any value but the empty one). */
export function wantsColour(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}

/**
 * The final scoreboard, no line over 100 columns: a row a scenario, its power cycles and its diagnosis under it, and at the end what the
 * exit code says and where the reports are. `moves` is transitions of traffic, observed/expected.
 */
export function scoreboard(run: RunResult, options: { colour: boolean; reports: string[] }): string {
  const paint: Paint = (colour, text) =>
    options.colour ? styleText(colour, text, { validateStream: false }) : text;
  const ids = run.scenarios.map(({ id }) => printable(id).length + 1);
  const nameWidth = Math.min(NAME_MAX, Math.max('scenario'.length, ...ids));
  const header = `  ${'scenario'.padEnd(nameWidth)}${COLUMNS.map(([title, width]) => title.padStart(width)).join('')}`;
  const asExpected = run.scenarios.filter((scenario) => scenario.asExpected).length;
  return [
    paint('dim', header),
    ...run.scenarios.flatMap((scenario) => rowsOf(scenario, nameWidth, paint)),
    '',
    `${asExpected} of ${run.scenarios.length} as expected${run.wallMs === null ? '' : ` in ${seconds(run.wallMs)}`}.`,
    `exit ${run.exitCode}: ${exitMeaning(run)}`,
    ...options.reports.map((path) => `  ${printable(path)}`),
    '',
  ].join('\n');
}

function rowsOf(result: ScenarioResult, nameWidth: number, paint: Paint): string[] {
  const { scorecard, verdict, asExpected } = result;
  const figures = figuresOf(result);
  const cells = [
    verdict,
    score(scorecard.ringback),
    score(scorecard.audio),
    score(scorecard.failback),
    score(scorecard.overall),
    figures.ringbackP95Ms === null ? '–' : seconds(figures.ringbackP95Ms),
    String(figures.oneWay),
    `${figures.transitions}/${figures.expectedTransitions}`,
  ].map((cell, index) => cell.padStart(COLUMNS[index]![1]));
  cells[0] = paint(VERDICT_COLOURS[verdict], cells[0]!);
  const mark = asExpected ? paint('green', '✔') : paint('red', '✘');
  const row = `${mark} ${fit(printable(result.id), nameWidth).padEnd(nameWidth)}${cells.join('')}`;
  const below = [...result.powerCycles.map(cycleLine), ...reasonsOf(result)];
  return [row, ...below.map((line) => paint('dim', `    ${fit(line, WIDTH - 4)}`))];
}

/** The first diagnosis, what a twin should have shown, and what makes a run invalid. */
function reasonsOf(result: ScenarioResult): string[] {
  const { diagnoses, instrument, defect, asExpected, verdict } = result;
  const [first] = diagnoses;
  const reasons = earlierLines(result);
  reasons.push(...instrument.problems.map(({ code, summary }) => `${code}: ${summary}`));
  if (first) reasons.push(`${first.code}: ${first.summary}`);
  if (defect && !asExpected && verdict !== 'invalid')
    reasons.push(`expected ${defect.diagnosis}, which was not found first`);
  return reasons.map(printable);
}

/** Cuts to a width, with an ellipsis. */
function fit(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
