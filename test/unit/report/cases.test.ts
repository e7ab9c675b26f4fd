import assert from 'node:assert/strict';
import { testCasesOf, textOf, verdictCaseName } from '../../../src/report/cases.js';
import type { ScenarioResult } from '../../../src/verdict/types.js';
import {
  carrierCut,
  caughtTwin,
  expectation,
  hostile,
  invalidRun,
  missedTwin,
  scenario,
} from '../../fixtures/results.js';

const outcomes = (result: ScenarioResult) => testCasesOf(result).map(({ outcome }) => outcome);
const last = (result: ScenarioResult) => testCasesOf(result).at(-1)!;

describe('a scenario as test cases', () => {
  it('passes a healthy run that passed', () => {
    assert.deepEqual(outcomes(carrierCut()), ['passed', 'passed', 'passed', 'passed', 'passed']);
  });

  it('fails the expectation that failed, and the verdict', () => {
    const result = scenario({
      verdict: 'fail',
      asExpected: false,
      expectations: [expectation(), expectation({ id: 'e2', verdict: 'fail', measured: 9000 })],
      diagnoses: caughtTwin().diagnoses,
    });
    assert.deepEqual(outcomes(result), ['passed', 'failed', 'failed']);
    assert.match(testCasesOf(result)[1]!.message, /fail: measured 9\.00 s, threshold ≤ 6 s/);
    assert.match(last(result).message, /MEDIA_BLOCKED_ON_BACKUP/);
  });

  it('fails a verdict that was not expected although no expectation failed', () => {
    const result = scenario({ verdict: 'degraded', asExpected: false });
    assert.deepEqual(outcomes(result), ['passed', 'failed']);
  });

  it('passes a twin that failed as it should, with its diagnosis', () => {
    assert.deepEqual(outcomes(caughtTwin()), ['passed', 'passed', 'passed']);
    assert.match(last(caughtTwin()).message, /^failed as it should: MEDIA_BLOCKED_ON_BACKUP/);
    assert.match(
      textOf(last(caughtTwin())),
      /captures\/carrier-b\.sbc\.pcap frame 4021 \(and does not arrive\)/,
    );
  });

  it('fails a twin that was not caught', () => {
    assert.equal(last(missedTwin()).outcome, 'failed');
    assert.match(last(missedTwin()).message, /no-hysteresis was not caught.*pass/);
  });

  it('fails a twin that was caught for another reason', () => {
    const { outcome, message } = last({ ...caughtTwin(), asExpected: false });
    assert.equal(outcome, 'failed');
    assert.match(message, /for another reason: MEDIA_BLOCKED_ON_BACKUP/);
  });

  it('keeps an invalid run apart: broken where it could not be measured, else not judged', () => {
    assert.deepEqual(outcomes(invalidRun()), ['skipped', 'broken', 'broken']);
    assert.match(last(invalidRun()).message, /FAULT_NOT_PROVEN/);
  });

  it('never passes a case of an invalid twin', () => {
    const twin = { ...caughtTwin(), verdict: 'invalid' as const, asExpected: false };
    assert.ok(outcomes(twin).every((outcome) => outcome === 'skipped' || outcome === 'broken'));
  });

  it('tells of attempts before the one that counts', () => {
    const earlier = [{ folder: 'earlier_attempts/x.1', problems: [{ code: 'HOST_STARVED', summary: 'x' }] }];
    assert.match(textOf(last({ ...carrierCut(), earlier })), /^attempt 1 was invalid: HOST_STARVED/m);
    assert.doesNotMatch(textOf(last(carrierCut())), /attempt/);
  });

  it('knows the names before the run', () => {
    const result = caughtTwin();
    assert.deepEqual(
      testCasesOf(result).map(({ name }) => name),
      [...result.expectations.map(({ id }) => id), verdictCaseName(result)],
    );
  });

  it('lets no control character through', () => {
    const text = testCasesOf(hostile()).flatMap((one) => [one.name, one.message, ...one.details]);
    assert.ok(text.some((line) => line.includes('<script>')));
    for (const line of text) assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
  });
});
