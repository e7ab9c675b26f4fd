import type { EvidenceRef } from '../../evidence/types.js';
import type { CallDetails } from '../../measures/details/types.js';
import type { RunResult, ScenarioResult } from '../../verdict/types.js';
import { exitMeaning } from '../exit.js';
import { earlierLines } from '../earlier.js';
import { figuresOf } from '../figures.js';
import { printable, score, seconds } from '../text.js';
import { citedCall } from './calls/cited-call.js';
import { evidenceLink } from './evidence-link.js';
import { scorecardOf } from './scorecard.js';
import { detailsOf } from './details.js';
import { timelineOf } from './timeline.js';

/**
 * Everything that the page template shows, as text.
 * @param details of each scenario's calls, in the order of the run
 */
export function pageModel(run: RunResult, details: readonly (CallDetails | null)[]) {
  const asExpected = run.scenarios.filter((scenario) => scenario.asExpected).length;
  return {
    headline:
      asExpected === run.scenarios.length
        ? 'Everything went as expected'
        : `${asExpected} of ${run.scenarios.length} scenarios went as expected`,
    allAsExpected: asExpected === run.scenarios.length,
    exitCode: run.exitCode,
    exitMeaning: exitMeaning(run),
    startedAt: run.startedAt,
    startedAtText: printable(run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')),
    wall: run.wallMs === null ? 'an unknown time' : seconds(run.wallMs),
    scenarios: run.scenarios.map((result, index) => sectionOf(result, index, details[index] ?? null)),
  };
}

function sectionOf(result: ScenarioResult, index: number, details: CallDetails | null) {
  const { defect, verdict, asExpected, expected } = result;
  const anchor = `scenario-${index + 1}`;
  const [first] = result.diagnoses;
  const callOf = citedCall(result.calls, details);
  const linkTo = (ref: EvidenceRef) => {
    const call = callOf(ref);
    const id = call === null ? undefined : result.calls[call]?.id;
    return evidenceLink(
      result.id,
      ref,
      id === undefined ? null : { href: `#${anchor}.call-${call}`, id: printable(id) },
    );
  };
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
    earlier: earlierLines(result).map(printable),
    axes: scorecardOf(result.scorecard, figuresOf(result), result.failover),
    overall: score(result.scorecard.overall),
    diagnosis: first ? { code: printable(first.code), summary: printable(first.summary) } : null,
    problems: result.instrument.problems.map(({ code, summary, evidence }) => ({
      code: printable(code),
      summary: printable(summary),
      evidence: evidence.map(linkTo),
    })),
    diagnoses: result.diagnoses.map(({ code, summary, advice, evidence }) => ({
      code: printable(code),
      summary: printable(summary),
      advice: printable(advice),
      evidence: evidence.map(linkTo),
    })),
    timeline: timelineOf(result, `${anchor}-timeline`),
    ...detailsOf(result, linkTo),
  };
}
