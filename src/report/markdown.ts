import type { RunResult, ScenarioResult } from '../verdict/types.js';
import { exitMeaning } from './exit.js';
import { earlierLines } from './earlier.js';
import { figuresOf } from './figures.js';
import { cite, printable, score, seconds, withUnit } from './text.js';

/** Names, SIP text and paths come from outside: nothing of them may become Markdown or HTML. */
export const plain = (text: string): string =>
  printable(text).replace(/[\\`*_{}[\]<>#|!&~]/g, (mark) => `\\${mark}`);

/**
 * A run as Markdown for a pull request or a job's summary: a row a scenario, and under it for each that did not go as it
 * should what was missed, what was found, and how to see it again. `folder` is where the run was kept.
 */
export function runMarkdown(run: RunResult, folder: string): string {
  const asExpected = run.scenarios.filter((scenario) => scenario.asExpected).length;
  const others = run.scenarios.filter((scenario) => !scenario.asExpected);
  return [
    `## deadair: ${asExpected} of ${run.scenarios.length} as expected`,
    '',
    `${plain(run.startedAt)}${run.wallMs === null ? '' : `, ${seconds(run.wallMs)}`}; exit ${run.exitCode}: ${exitMeaning(run)}.`,
    '',
    '| | scenario | verdict | ring | audio | back | p95 ring | one-way | found |',
    '|---|---|---|--:|--:|--:|--:|--:|---|',
    ...run.scenarios.map(row),
    '',
    ...again(run),
    ...others.flatMap((scenario) => section(scenario, folder)),
  ].join('\n');
}

/** Whoever reads a verdict should know that it was not had at once. */
function again({ scenarios }: RunResult): string[] {
  const lines = scenarios.flatMap((result) =>
    earlierLines(result).map((line) => `- ${plain(result.id)}: ${plain(line)}`),
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

function row(result: ScenarioResult): string {
  const { id, verdict, scorecard, diagnoses, asExpected, instrument } = result;
  const { ringbackP95Ms, oneWay } = figuresOf(result);
  const found = (instrument.problems[0] ?? diagnoses[0])?.code ?? '';
  const cells = [
    asExpected ? '✔' : '✘',
    plain(id),
    verdict,
    score(scorecard.ringback),
    score(scorecard.audio),
    score(scorecard.failback),
    ringbackP95Ms === null ? '–' : seconds(ringbackP95Ms),
    String(oneWay),
    plain(found),
  ];
  return `| ${cells.join(' | ')} |`;
}

function section(result: ScenarioResult, folder: string): string[] {
  const { id, title, verdict, expected, defect, expectations, diagnoses, instrument } = result;
  const missed = expectations.filter((one) => one.verdict !== 'pass');
  return [
    `### ${plain(id)}: ${plain(title)}`,
    '',
    `Verdict ${verdict}, expected ${expected}${defect ? ` with ${plain(defect.diagnosis)} first` : ''}.`,
    '',
    ...instrument.problems.map(({ code, summary }) => `- **${plain(code)}** ${plain(summary)}`),
    ...diagnoses.flatMap(({ code, summary, advice, evidence }) => [
      `- **${plain(code)}** ${plain(summary)} ${plain(advice)}`,
      ...evidence.slice(0, 3).map((ref) => `  - ${plain(cite(ref))}`),
    ]),
    ...missed.map(
      (one) =>
        `- ${plain(one.id)}: ${plain(one.summary)} Measured ${withUnit(one.measured, one.unit)}, threshold ${plain(one.threshold)}.`,
    ),
    '',
    `Its evidence is in ${plain(folder)}/${plain(id)}; \`deadair analyze\` on that folder judges it again.`,
    '',
  ];
}
