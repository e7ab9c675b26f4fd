import { access, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import * as allure from 'allure-js-commons';
import { getGlobalTestRuntime, setGlobalTestRuntime } from 'allure-js-commons/sdk/runtime';
import AllureMochaReporter from 'allure-mocha';
import Mocha from 'mocha';
import { runFiles, scenarioFiles } from '../runfolder/layout.js';
import type { RunResult, ScenarioResult } from '../verdict/types.js';
import { textOf, type TestCase } from './cases.js';
import { declareScenario, type Bdd } from './mocha.js';
import { printable } from './text.js';

/** Attached as they are: small, and enough to see what was planned and done. Captures are cited by name only. */
const ATTACHED = ['plan', 'journal'] as const;

/**
 * Writes `allure-results/` anew, by running the results as mocha suites under allure's own mocha reporter. Nothing is
 * printed. Not for two at a time in one process: allure keeps its runtime in a global, which is put back afterwards.
 */
export async function writeAllure(runFolder: string, run: RunResult): Promise<void> {
  const resultsDir = runFiles(runFolder).allure;
  await rm(resultsDir, { recursive: true, force: true });
  const mocha = new Mocha({
    reporter: AllureMochaReporter as unknown as Mocha.ReporterConstructor, // typed as CommonJS, loaded as ESM
    reporterOptions: { resultsDir, environmentInfo: environmentInfo(run), categories: CATEGORIES },
  });
  const bdd = wordsOf(mocha);
  for (const result of run.scenarios)
    declareScenario(bdd, result, () => Promise.resolve(result), annotator(runFolder));
  const runtime = getGlobalTestRuntime();
  try {
    await new Promise<void>((resolve) => mocha.run(() => resolve()));
  } finally {
    setGlobalTestRuntime(runtime);
  }
}

const CATEGORIES = [
  { name: 'The system under test failed its callers', matchedStatuses: [allure.Status.FAILED] },
  { name: 'The run could not be trusted', matchedStatuses: [allure.Status.BROKEN] },
];

/** mocha gives its words to whoever asks before a file is loaded; so no global is touched. */
function wordsOf(mocha: Mocha): Bdd {
  const words = {};
  mocha.suite.emit('pre-require', words, '', mocha);
  return words as Bdd;
}

function environmentInfo({ scenarios, startedAt }: RunResult): Record<string, string> {
  const [first] = scenarios;
  if (!first) return { startedAt };
  const { kernel, runtime, emulator, node, versions } = first.environment;
  return { startedAt, kernel, runtime, emulator, node, ...versions };
}

const annotator =
  (runFolder: string) =>
  async (result: ScenarioResult, testCase: TestCase, last: boolean): Promise<void> => {
    const { seed, emulator, runtime } = result.environment;
    await allure.parentSuite('deadair');
    await allure.suite(printable(result.id));
    await allure.tags(...result.tags.map(printable), ...(result.defect ? ['twin'] : []));
    await allure.parameter('emulator', emulator);
    await allure.parameter('runtime', runtime);
    await allure.parameter('seed', String(seed), { excluded: true });
    await allure.attachment('figures and evidence', textOf(testCase), 'text/plain');
    if (last) await attachFiles(runFiles(runFolder).scenario(result.id));
  };

async function attachFiles(folder: string): Promise<void> {
  for (const key of ATTACHED) {
    const path = scenarioFiles(folder)[key];
    if (await exists(path))
      await allure.attachmentPath(basename(path), path, { contentType: 'application/json' });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
