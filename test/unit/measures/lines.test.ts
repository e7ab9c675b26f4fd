import assert from 'node:assert/strict';
import type { CallMeasure } from '../../../src/measures/types.js';
import { callsBy } from '../../fixtures/measures.js';
import { crossing, lineCut, siteRun, sitePlan } from '../../fixtures/lines.js';
import { plan } from '../../fixtures/plans.js';
import { measureLines } from '../../../src/measures/lines.js';
import { indexCalls } from '../../../src/measures/calls.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import { emptyEvidence } from '../../fixtures/measures.js';

/** Two calls a second for 40 s; by line A but for those from `awayN` to before `homeN`. */
const calls = callsBy(80, () => ({}));
const ways = (awayN: number, homeN: number) =>
  calls.map((call, n) => {
    const line = n >= awayN && n < homeN ? 'b' : 'a';
    return crossing(call, n, line, [line, (call.answeredAt ?? 0) + 5, 100]);
  });

describe('lines of a site', () => {
  it('are told from the media that left by them, a change within a call as well', () => {
    const [first, second] = calls as [CallMeasure, CallMeasure];
    const { lines } = siteRun(
      [first, second],
      [crossing(first, 0, 'a', ['a', 1200, 50], ['b', 2300, 40]), crossing(second, 1, 'b')],
    );
    assert.deepEqual(
      lines?.calls.map(({ signalling, media }) => [
        signalling?.line,
        ...media.map(({ line, fromMs, toMs }) => [line, fromMs, toMs]),
      ]),
      [['line-a', ['line-a', 1200, 2180], ['line-b', 2300, 3080]], ['line-b']],
    );
    const { file, frame } = lines?.calls[0]?.media[1]?.evidence ?? {};
    assert.deepEqual([file, frame], ['captures/branch.isp-b.pcap', 1]);
  });

  it('count moves of calls, and how long leaving and coming home took', () => {
    const { lines, phases } = siteRun(calls, ways(26, 70));
    assert.deepEqual([lines?.transitions.length, lines?.excessTransitions], [2, 0]);
    assert.equal(Math.round(lines?.awayMs ?? 0), 13_000 - 10_001);
    assert.equal(Math.round(lines?.homeMs ?? 0), 35_000 - 30_001);
    const begins = Object.fromEntries(phases.map(({ name, fromMs }) => [name, fromMs]));
    assert.deepEqual([begins['converged'], begins['settled']], [13_000, 35_000]);
  });

  it('are no home to a call that came to them on its way', () => {
    const mixed = ways(26, 70).map((way, n) => {
      const call = calls[n];
      const at = call?.answeredAt ?? 0;
      return call && n >= 70 && n < 72 ? crossing(call, n, 'a', ['b', at, 50], ['a', at + 1100, 50]) : way;
    });
    assert.equal(Math.round(siteRun(calls, mixed).lines?.homeMs ?? 0), 36_000 - 30_001);
  });

  it('are not left by a call whose signalling began on the one in trouble', () => {
    const late = calls.map((call, n) =>
      crossing(call, n, n >= 20 && n < 30 ? 'a' : 'b', ['b', (call.answeredAt ?? 0) + 5, 100]),
    );
    assert.equal(Math.round(siteRun(calls, late).lines?.awayMs ?? 0), 15_000 - 10_001);
  });

  it('that are never left, or never come home to, have no time for it', () => {
    assert.equal(siteRun(calls, ways(80, 80)).lines?.awayMs, null);
    const { lines } = siteRun(calls, ways(26, 80));
    assert.deepEqual([lines?.homeMs, lines?.expectedTransitions], [null, 2]);
    assert.equal(
      siteRun(calls, ways(26, 80), { faults: [lineCut(10_000, null)] }).lines?.expectedTransitions,
      1,
    );
  });

  it('are in trouble by whatever is beyond them too, and not by what is at the site', () => {
    const by = (target: string) =>
      siteRun(calls, ways(26, 70), { faults: [{ ...lineCut(10_000, 30_000), target }] }).lines?.awayMs;
    assert.equal(typeof by('isp-a--core'), 'number');
    assert.equal(by('isp-b--core'), null);
    assert.equal(by('desk--branch'), null);
  });

  it('are not measured where there is no choice', () => {
    const of = plan();
    const truth = injectedTruth(of, []);
    assert.equal(measureLines(of, truth, indexCalls(of, emptyEvidence(of)), calls), null);
    assert.equal(sitePlan().lab.lines?.length, 2);
  });
});
