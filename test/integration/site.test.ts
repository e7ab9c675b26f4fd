import assert from 'node:assert/strict';
import { loadEvidence } from '../../src/evidence/load.js';
import type { ScenarioResult } from '../../src/verdict/types.js';
import { runScenario, type ScenarioRun } from '../fixtures/scenario-run.js';

const SCENARIO = `
name: site-test
title: Calls to and from a phone behind a NAT
story: For the test.
lab: two-line-site
duration: 5s
traffic:
  - { name: to-site, from: carrier, to: desk-2, rate: 0.5/s, hold: 3s }
  - { name: from-site, from: desk-1, to: carrier-number, rate: 0.5/s, hold: 3s }
expect:
  - answered-share: { share: '>= 100%' }
  - one-way-audio: none
  - line-share: { line: primary, share: '>= 100%' }
`;

describe('a site behind a NAT', function () {
  this.timeout(180_000);
  let run: ScenarioRun;
  let scenario: ScenarioResult;

  before(async () => {
    run = await runScenario('site-test', SCENARIO);
    ({ scenario } = run);
  });
  after(() => run?.remove());

  it('is called at the port that its phone registered from, and heard both ways by its primary line', () => {
    const missed = scenario.expectations.filter(({ verdict }) => verdict !== 'pass');
    assert.deepEqual([scenario.verdict, ...missed.map(({ summary }) => summary)], ['pass']);
    const parties = scenario.calls.filter(({ flow }) => flow === 'to-site').map(({ party }) => party?.node);
    assert.deepEqual(new Set(parties), new Set(['desk-2']));
  });

  it('is known to the PBX by the address of its router', async () => {
    const { sip } = await loadEvidence(run.folder);
    const sources = (node: string) =>
      new Set(
        sip
          .filter(
            ({ seen, method, status }) => seen.node === node && method === 'REGISTER' && status === null,
          )
          .map(({ src }) => src.address),
      );
    const [[phone], [atPbx]] = [[...sources('desk-2')], [...sources('pbx')]];
    assert.ok(phone && atPbx && phone !== atPbx, `${phone} and ${atPbx}`);
    assert.equal(sources('pbx').size, 1);
  });
});
