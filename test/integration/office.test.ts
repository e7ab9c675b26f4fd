import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { signatureKey } from '../../src/audio/signature.js';
import { readWav } from '../../src/evidence/wav.js';
import { FRAME_MS } from '../../src/measures/hearing/jitter-buffer.js';
import { listen, type Heard } from '../../src/measures/hearing/listen.js';
import type { ScenarioResult } from '../../src/verdict/types.js';
import { runScenario, type ScenarioRun } from '../fixtures/scenario-run.js';

const SCENARIO = `
name: office-test
title: Digits in every way that there is, and a softphone whose line is cut
story: For the test.
lab: asterisk-office
duration: 20s
traffic:
  - { name: events, from: desk-1, to: ivr, rate: 0.1/s, hold: 5s, digits: '1002', dtmf: rfc4733 }
  - { name: info, from: desk-2, to: ivr, rate: 0.1/s, hold: 5s, digits: '1003', dtmf: info }
  - { name: tones, from: desk-3, to: ivr, rate: 0.1/s, hold: 5s, digits: '1001', dtmf: inband }
  - { name: soft, from: desk-1, to: softphone, rate: 0.11/s, hold: 8s }
timeline:
  - { at: 12s, cut: softphone--lan, mode: one-way, from: lan, for: 2s }
expect:
  - registered: { within: 60s }
  - digits: all-read
  - answered-share: { share: '>= 100%' }
`;

/** An outage at the edge of concealment, as far as it can be promised (docs/measures.md §2). */
const EDGE_MS = 100;

/** Asterisk, phones and baresip, all real. */
describe('an office', function () {
  this.timeout(300_000);
  let run: ScenarioRun;
  let scenario: ScenarioResult;

  before(async () => {
    run = await runScenario('office-test', SCENARIO);
    ({ scenario } = run);
  });
  after(() => run?.remove());

  const callsOf = (flow: string) => scenario.calls.filter((call) => call.flow === flow);

  it('passes, with a phone registered from the start', () => {
    const missed = scenario.expectations.filter(({ verdict }) => verdict !== 'pass');
    assert.deepEqual([scenario.verdict, ...missed.map(({ summary }) => summary)], ['pass']);
    for (const { attempts } of scenario.registrations)
      assert.ok(attempts[0]?.status === 200 && (attempts[0].endedAt ?? Infinity) < 0);
  });

  for (const [flow, channel, extension, phone] of [
    ['events', 'rfc4733', '1002', 'desk-2'],
    ['info', 'info', '1003', 'desk-3'],
    ['tones', 'inband', '1001', 'desk-1'],
  ] as const)
    it(`connects whom digits by ${channel} name, which came by that channel only`, () => {
      assert.ok(callsOf(flow).length > 0);
      for (const { party, digits } of callsOf(flow)) {
        assert.equal(party?.node, phone);
        assert.equal(digits?.read, extension);
        assert.deepEqual(digits?.arrived, { rfc4733: '', info: '', inband: '', [channel]: extension });
      }
    });

  it('is heard by a softphone as its capture says, the edges of an outage included', async () => {
    const calls = callsOf('soft');
    const cut = calls.find(({ ears }) => (ears?.callee.outages.length ?? 0) > 0);
    assert.ok(cut?.ears && cut.answeredAt !== null && cut.endedAt !== null);
    const [outage] = cut.ears.callee.outages;
    assert.ok(outage && outage.endMs - outage.startMs > 1500);
    const samples = await recordingOf(calls.indexOf(cut));
    const hear = (part: Int16Array, fromMs: number): Heard =>
      listen({
        audio: part,
        fromMs,
        flags: new Uint8Array(Math.ceil(part.length / 8 / FRAME_MS)).fill(1),
        bufferMs: 0,
        expectedKey: signatureKey(scenario.environment.seed, cut.id, 'from-caller'),
        ownKey: Buffer.alloc(32),
        otherKeys: [],
      });
    // baresip leaves the time out in which nothing came: what it recorded is shorter by the outage …
    const upMs = cut.endedAt - cut.answeredAt;
    const lengthMs = samples.length / 8;
    assert.ok(
      Math.abs(upMs - (outage.endMs - outage.startMs) - lengthMs) < 2 * EDGE_MS,
      `${lengthMs} of ${upMs}`,
    );
    // … goes over from before it to after it where the capture says …
    const splice = Math.round((outage.startMs - cut.answeredAt) * 8);
    const before = hear(samples.subarray(0, splice - 8 * EDGE_MS), cut.answeredAt);
    const after = hear(samples.subarray(splice + 8 * EDGE_MS), outage.endMs + 4 * EDGE_MS);
    assert.ok((before.heardShare ?? 0) > 0.95, `before: ${before.heardShare}`);
    assert.ok((after.heardShare ?? 0) > 0.95, `after: ${after.heardShare}`);
    // … and nobody else is in it.
    assert.deepEqual([before.class, after.class], ['correct', 'correct']);
  });

  /** What baresip wrote of its n-th call, itself. */
  async function recordingOf(index: number): Promise<Int16Array> {
    const folder = join(run.folder, 'work', 'softphone');
    const names = (await readdir(folder)).filter((name) => name.endsWith('-dec.wav')).sort();
    const { samples } = await readWav(join(folder, names[index] ?? ''));
    return Int16Array.from(samples, (sample) => Math.round(sample * 32768));
  }
});
