import { AssertionError } from 'node:assert';
import type { ScenarioResult } from '../verdict/types.js';
import { suiteName, testCasesOf, textOf, verdictCaseName, type Promised, type TestCase } from './cases.js';

/** The three words of mocha's bdd interface that a scenario needs. */
export interface Bdd {
  describe: (title: string, body: (this: Mocha.Suite) => void) => unknown;
  before: (title: string, body: (this: Mocha.Context) => Promise<void>) => void;
  it: (title: string, body: (this: Mocha.Context) => Promise<void>) => unknown;
}

/** Called at the start of every test, to add what a reporter wants to know. `last` is the verdict's test. */
type Annotate = (result: ScenarioResult, testCase: TestCase, last: boolean) => Promise<void>;

/**
 * Declares a scenario as a mocha suite in the file that calls it: a `before` that runs it, an `it` an expectation, and
 * one for the diagnosis. A twin passes if it failed for the promised reason. A run that can't be trusted fails with an
 * Error, the system's failures with an AssertionError.
 *
 * See `describeScenarios` in src/run/mocha.ts for whole files.
 */
export function describeScenario(promised: Promised, run: () => Promise<ScenarioResult>): void {
  declareScenario({ describe, before, it }, promised, run);
}

/** As describeScenario, with the words of a given mocha. */
export function declareScenario(
  bdd: Bdd,
  promised: Promised,
  run: () => Promise<ScenarioResult>,
  annotate: Annotate = () => Promise.resolve(),
): void {
  bdd.describe(suiteName(promised), () => {
    let result: ScenarioResult | undefined;
    bdd.before(`run ${promised.id}`, async function () {
      this.timeout(0); // every wait inside a run has its own limit
      result = await run();
    });
    const names = [...promised.expectations.map(({ id }) => id), verdictCaseName(promised)];
    for (const [index, name] of names.entries()) {
      bdd.it(name, async function () {
        if (!result) throw new Error(`${promised.id} gave no result`);
        const testCase = testCasesOf(result)[index];
        if (!testCase) throw new Error(`${promised.id} gave no result for ${name}`);
        await annotate(result, testCase, index === names.length - 1);
        settle(testCase, this);
      });
    }
  });
}

function settle(testCase: TestCase, context: Mocha.Context): void {
  const { outcome } = testCase;
  const text = textOf(testCase);
  if (outcome === 'failed') throw new AssertionError({ message: text });
  if (outcome === 'broken') throw new Error(text);
  if (outcome === 'skipped') context.skip();
}
