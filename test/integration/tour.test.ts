import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEvidence } from '../../src/evidence/load.js';
import type { RunResult } from '../../src/verdict/types.js';
import { deadairRun } from '../fixtures/scenario-run.js';

/** What `npm start` runs, once: every healthy run must pass with nothing diagnosed, every twin be caught and named. */
describe('the tour', function () {
  this.timeout(240_000);
  let run: RunResult;
  let status: number | null;
  let out: string;

  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'deadair-'));
    ({ run, status } = deadairRun('--tag', 'tour', '--defects', 'also', '--out', out));
  });
  after(() => rm(out, { recursive: true }));

  const outcome = (id: string) => {
    const scenario = run.scenarios.find((one) => one.id === id);
    if (scenario?.verdict === 'invalid') return scenario.instrument.problems.map(({ summary }) => summary);
    const missed =
      scenario?.expected === 'pass' ? scenario.expectations.filter(({ verdict }) => verdict !== 'pass') : [];
    return (
      scenario && [
        scenario.verdict,
        ...scenario.diagnoses.slice(0, 1).map(({ code }) => code),
        ...missed.map(({ summary }) => summary),
      ]
    );
  };

  for (const [id, ...expected] of [
    ['steady', 'pass'],
    ['steady@sbc-swallows-ringing', 'fail', 'NO_RINGBACK'],
    ['carrier-cut', 'pass'],
    ['carrier-cut@sbc-without-probing', 'fail', 'SLOW_DETECTION'],
    ['carrier-flaps', 'pass'],
    ['carrier-flaps@sbc-without-hysteresis', 'fail', 'FLAPPING'],
    ['backup-drops-media', 'pass'],
    ['backup-drops-media@backup-firewall-drops-rtp', 'fail', 'MEDIA_BLOCKED_ON_BACKUP'],
  ])
    it(`${id} → ${expected.join(', ')}`, () => assert.deepEqual(outcome(id ?? ''), expected));

  it('measured both kinds of ringback', () => {
    const calls = run.scenarios.find(({ id }) => id === 'carrier-cut')?.calls ?? [];
    const of = (trunk: string) =>
      calls.filter((call) => call.trunk === trunk && call.direction === 'outbound');
    const after = (call: (typeof calls)[number]) =>
      (call.audibleRingbackAt ?? NaN) - (call.ringbackAt ?? NaN);
    assert.ok(of('trunk-a').length > 0 && of('trunk-b').length > 0);
    for (const call of of('trunk-a')) assert.equal(after(call), 0, 'a 180 rings the phone at once');
    const early = of('trunk-b').filter(({ ringbackKind }) => ringbackKind === 'early-media');
    assert.ok(early.length > 0);
    for (const call of early)
      assert.ok(after(call) > 0 && after(call) < 1000, `${call.id}: ${after(call)} ms`);
  });

  it('advanced through the SRV targets of the dead trunk before the backup (RFC 3263 §4.3)', async () => {
    const { sip } = await loadEvidence(join(out, 'carrier-cut'));
    const { calls, faults } = run.scenarios.find(({ id }) => id === 'carrier-cut') ?? assert.fail();
    const cutAt = faults[0]?.appliedAt ?? NaN;
    const failedOver = calls.find(({ attempts, inviteAt }) => attempts.length > 1 && (inviteAt ?? 0) > cutAt);
    assert.ok(failedOver, 'a call that was placed after the cut tried both trunks');
    const targets = sip
      .filter(
        ({ callId, method, status, seen }) =>
          callId === failedOver.sipCallId &&
          method === 'INVITE' &&
          status === null &&
          seen.node !== 'desk' &&
          !seen.file.includes('lan'),
      )
      .map(({ dst }) => dst.address);
    assert.deepEqual([...new Set(targets)], ['198.18.2.2', '198.18.2.3', '198.18.4.2']);
  });

  it('proved every fault, and ends with 0', () => {
    for (const fault of run.scenarios.flatMap(({ faults }) => faults)) {
      assert.equal(fault.proof.applied?.holds, true, fault.id);
      assert.equal(fault.proof.healed?.holds, true, fault.id);
    }
    assert.equal(status, 0);
  });
});
