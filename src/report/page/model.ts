import type { RunResult, ScenarioResult } from '../../verdict/types.js';
import { exitMeaning } from '../exit.js';
import { figuresOf } from '../figures.js';
import { printable, score, seconds } from '../text.js';
import { evidenceLink } from './evidence-link.js';
import { scorecardOf } from './scorecard.js';
import { detailsOf } from './details.js';
import { timelineOf } from './timeline.js';

/** Everything that the page template shows, as text. */
export function pageModel(run: RunResult) {
  const asExpected = run.scenarios.filter((scenario) => scenario.asExpected).length;
  return {
    headline:
      asExpected === run.scenarios.length
        ? 'Everything went as expected'
        : `${asExpected} of ${run.scenarios.length} scenarios went as expected`,
    allAsExpected: asExpected === run.scenarios.length,
    exitCode: run.exitCode,
    exitMeaning: exitMeaning(run.exitCode),
    startedAt: run.startedAt,
    startedAtText: printable(run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')),
    wall: seconds(run.wallMs),
    scenarios: run.scenarios.map(sectionOf),
  };
}

function sectionOf(result: ScenarioResult, index: number) {
  const { defect, verdict, asExpected, expected } = result;
  const anchor = `scenario-${index + 1}`;
  const [first] = result.diagnoses;
  return {
    anchor,
    id: printable(result.id),
    title: printable(result.title),
    story: printable(result.story),
    tags: result.tags.map(printable),
    defect: defect && { name: printable(defect.name), diagnosis: printable(defect.diagnosis) },
    verdict,
    asExpected,
    outcome: asExpected ? 'as expected' : `expected ${expected}`,
    axes: scorecardOf(result.scorecard, figuresOf(result), result.failover),
    overall: score(result.scorecard.overall),
    diagnosis: first ? { code: printable(first.code), summary: printable(first.summary) } : null,
    problems: result.instrument.problems.map(({ code, summary, evidence }) => ({
      code: printable(code),
      summary: printable(summary),
      evidence: evidence.map((ref) => evidenceLink(result.id, ref)),
    })),
    diagnoses: result.diagnoses.map(({ code, summary, advice, evidence }) => ({
      code: printable(code),
      summary: printable(summary),
      advice: printable(advice),
      evidence: evidence.map((ref) => evidenceLink(result.id, ref)),
    })),
    timeline: timelineOf(result, `${anchor}-timeline`),
    ...detailsOf(result),
  };
}
