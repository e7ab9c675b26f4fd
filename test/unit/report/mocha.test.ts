import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { declareScenario, type Bdd } from '../../../src/report/mocha.js';
import type { ScenarioResult } from '../../../src/verdict/types.js';
import { carrierCut, caughtTwin, invalidRun, missedTwin } from '../../fixtures/results.js';

class Silent extends Mocha.reporters.Base {}

/** Runs a scenario in a mocha of its own: title → state, and the errors. */
async function play(promised: ScenarioResult, run: () => Promise<ScenarioResult>) {
  const mocha = new Mocha({ reporter: Silent });
  const words = {};
  mocha.suite.emit('pre-require', words, '', mocha);
  declareScenario(words as Bdd, promised, run);
  const errors: Error[] = [];
  const tests: [title: string, state: string][] = [];
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('fail', (_test: unknown, error: Error) => errors.push(error))
      .on('test end', (test: Mocha.Test) =>
        tests.push([test.title, test.isPending() ? 'pending' : test.state!]),
      );
  });
  return { tests, errors, titles: mocha.suite.suites.map(({ title }) => title) };
}

const played = (result: ScenarioResult) => play(result, () => Promise.resolve(result));
const states = ({ tests }: { tests: [string, string][] }) => tests.map(([, state]) => state);

describe('a scenario as a mocha suite', () => {
  it('has a test an expectation and one for the diagnosis', async () => {
    const { tests, titles } = await played(carrierCut());
    assert.deepEqual(titles, ['carrier-cut: The primary carrier goes dark while people are dialling']);
    assert.deepEqual(tests, [
      ['e1-time-to-ringback-p95', 'passed'],
      ['e2-one-way-audio', 'passed'],
      ['e3-failback-excess-transitions', 'passed'],
      ['e4-answered-share', 'passed'],
      ['diagnosis: nothing is wrong', 'passed'],
    ]);
  });

  it('passes a twin that was caught and fails one that was not', async () => {
    assert.deepEqual(states(await played(caughtTwin())), ['passed', 'passed', 'passed']);
    const missed = await played(missedTwin());
    assert.deepEqual(states(missed), ['passed', 'failed']);
    assert.equal(missed.errors[0]!.name, 'AssertionError');
  });

  it('fails an invalid run by an error that is no assertion, and skips what was not judged', async () => {
    const { tests, errors } = await played(invalidRun());
    assert.deepEqual(states({ tests }), ['pending', 'failed', 'failed']);
    assert.deepEqual(
      errors.map(({ name }) => name),
      ['Error', 'Error'],
    );
  });

  it('fails once, in the hook, if the lab does not come up', async () => {
    const { tests, errors } = await play(carrierCut(), () => Promise.reject(new Error('LAB_FAILED')));
    assert.deepEqual(tests, []);
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['LAB_FAILED'],
    );
  });

  it('fails a test whose expectation is missing from the result', async () => {
    const { tests } = await play(carrierCut(), () => Promise.resolve({ ...carrierCut(), expectations: [] }));
    assert.ok(
      states({ tests })
        .slice(1)
        .every((state) => state === 'failed'),
    );
  });
});
