import junitReportBuilder, { type Builder } from 'junit-report-builder';
import { runFiles } from '../runfolder/layout.js';
import type { RunResult } from '../verdict/types.js';
import { writeAtomically } from './atomic.js';
import { suiteName, testCasesOf, textOf } from './cases.js';
import { printable } from './text.js';

/** The package is CommonJS that exports the builder itself, though its types say `default`. */
const builder = junitReportBuilder as unknown as Builder;

/** A run as JUnit XML: a suite a scenario, a case an expectation, and a case for the verdict with its diagnosis. */
export function junitXml(run: RunResult): string {
  const report = builder.newBuilder().name('deadair');
  for (const result of run.scenarios) {
    const suite = report
      .testSuite()
      .name(suiteName(result))
      .timestamp(new Date(run.startedAt))
      .time(result.durationMs / 1000);
    for (const [name, value] of propertiesOf(result.environment)) suite.property(name, printable(value));
    for (const one of testCasesOf(result)) {
      const { name, outcome, message } = one;
      const testCase = suite
        .testCase()
        .className(`deadair.${printable(result.id)}`)
        .name(name)
        .time(0);
      testCase.standardOutput(textOf(one).replaceAll(']]>', ']] >')); // the builder splits only the first in a CDATA
      if (outcome === 'failed') testCase.failure(message, 'failure');
      if (outcome === 'broken') testCase.error(message, 'invalid');
      if (outcome === 'skipped') testCase.skipped();
    }
  }
  return report.build();
}

/** Writes `junit.xml` into the run folder. */
export async function writeJunit(runFolder: string, run: RunResult): Promise<void> {
  await writeAtomically(runFiles(runFolder).junit, junitXml(run));
}

function propertiesOf(environment: RunResult['scenarios'][number]['environment']): [string, string][] {
  const { seed, emulator, runtime, kernel } = environment;
  return [
    ['seed', String(seed)],
    ['emulator', emulator],
    ['runtime', runtime],
    ['kernel', kernel],
  ];
}
