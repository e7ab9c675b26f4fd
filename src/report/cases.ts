import type { ExpectationResult, ScenarioResult } from '../verdict/types.js';
import { earlierLines } from './earlier.js';
import { cite, printable, withUnit } from './text.js';

/**
 * A scenario as test cases, the one reading that JUnit, mocha and Allure share: a case an expectation, and a last one
 * for the verdict as a whole. `broken` is an instrument that could not be trusted, never the system's failure.
 */
export interface TestCase {
  name: string;
  outcome: 'passed' | 'failed' | 'broken' | 'skipped';
  /** Why it did not pass; for a passed one, what was measured. */
  message: string;
  /** Lines for the reader: figures, diagnoses, evidence. */
  details: string[];
}

/** What a scenario promises before it has run. */
export interface Promised {
  id: string;
  title: string;
  defect: { name: string; diagnosis: string } | null;
  expectations: { id: string }[];
}

/** Everything that a case says, a line a fact. */
export const textOf = ({ message, details }: TestCase): string =>
  [...new Set([message, ...details])].join('\n');

export const suiteName = ({ id, title }: Pick<Promised, 'id' | 'title'>): string =>
  printable(`${id}: ${title}`);

/** Name of the last case: known before the run, so that mocha can declare it. */
export const verdictCaseName = ({ defect }: Pick<Promised, 'defect'>): string =>
  defect
    ? printable(`diagnosis ${defect.diagnosis} names the planted defect`)
    : 'diagnosis: nothing is wrong';

export function testCasesOf(result: ScenarioResult): TestCase[] {
  return [
    ...result.expectations.map((expectation) => expectationCase(expectation, result)),
    verdictCase(result),
  ];
}

function expectationCase(expectation: ExpectationResult, result: ScenarioResult): TestCase {
  const { id, verdict, measured, threshold, unit, summary, evidence } = expectation;
  const figures = `${verdict}: measured ${withUnit(measured, unit)}, threshold ${threshold}`;
  const base = { name: printable(id), details: [summary, figures, ...evidence.map(cite)].map(printable) };
  if (verdict === 'invalid')
    return { ...base, outcome: 'broken', message: printable(`${summary} (${figures})`) };
  if (result.verdict === 'invalid')
    return { ...base, outcome: 'skipped', message: 'not judged: the run is invalid' };
  if (verdict === 'fail' && result.defect === null)
    return { ...base, outcome: 'failed', message: printable(`${summary} (${figures})`) };
  return { ...base, outcome: 'passed', message: printable(figures) };
}

function verdictCase(result: ScenarioResult): TestCase {
  const { verdict, defect, diagnoses, instrument, asExpected } = result;
  const found = diagnoses.flatMap(({ code, summary, advice, evidence }) => [
    `${code}: ${summary} ${advice}`,
    ...evidence.map((ref) => `  ${cite(ref)}`),
  ]);
  const details = [`verdict ${verdict}`, ...earlierLines(result), ...found].map(printable);
  const done = (outcome: TestCase['outcome'], message: string): TestCase => ({
    name: verdictCaseName(result),
    outcome,
    message: printable(message),
    details,
  });
  if (verdict === 'invalid') {
    const problems = instrument.problems.map(({ code, summary }) => `${code}: ${summary}`);
    return done('broken', ['the run cannot be trusted', ...problems].join('; '));
  }
  const first = diagnoses[0];
  const said = first ? `${first.code}: ${first.summary}` : 'no diagnosis';
  if (asExpected) return done('passed', defect ? `failed as it should: ${said}` : `verdict ${verdict}`);
  if (!defect) return done('failed', `verdict ${verdict}; ${said}`);
  return done(
    'failed',
    verdict === 'fail'
      ? `the defect ${defect.name} was caught, but for another reason: ${said}`
      : `the defect ${defect.name} was not caught: the twin's verdict is ${verdict}`,
  );
}
