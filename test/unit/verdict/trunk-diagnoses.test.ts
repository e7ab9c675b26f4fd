import assert from 'node:assert/strict';
import type { SipMessage } from '../../../src/evidence/types.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { call, callsBy } from '../../fixtures/measures.js';
import { ADDRESS, sdp, sip } from '../../fixtures/messages.js';
import { nodeFault, setUp } from '../../fixtures/node-faults.js';
import { cut } from '../../fixtures/plans.js';

const answers = (invite: number | null, options: number | null) =>
  nodeFault(1, 'carrier-a', 10_000, 30_000, { kind: 'answer', invite, options });
const codes = (calls: CallMeasure[], faults: PlannedFault[], messages: SipMessage[] = []) =>
  setUp(calls, { faults, entries: [], sip: messages });

/** An OPTIONS a second at the primary's carrier, answered with this status; null: not at all. */
const probes = (statusAt: (atMs: number) => number | null): SipMessage[] =>
  Array.from({ length: 40 }, (_, n) => n * 1000 + 50).flatMap((atMs) => {
    const ends = { callId: `probe-${atMs}`, method: 'OPTIONS' };
    const status = statusAt(atMs);
    const at = { node: 'carrier-a', interface: 'sbc' };
    const asked = sip({ ...at, sent: false, atMs }, { ...ends, src: ADDRESS.sbcA, dst: ADDRESS.carrierA });
    if (status === null) return [asked];
    return [
      asked,
      sip(
        { ...at, sent: true, atMs: atMs + 2 },
        { ...ends, status, src: ADDRESS.carrierA, dst: ADDRESS.sbcA },
      ),
    ];
  });
const refusal = (atMs: number, status: number) =>
  sip(
    { node: 'carrier-a', interface: 'sbc', sent: true, atMs },
    { method: 'INVITE', status, src: ADDRESS.carrierA, dst: ADDRESS.sbcA },
  );

describe('diagnoses of a carrier that answers otherwise', () => {
  const during = (n: number) => n >= 20 && n < 60;

  it('GRAY_FAILURE_UNDETECTED: every call is offered to who refuses them all', () => {
    const blind = callsBy(80, (n) => ({ tried: during(n) ? ['a', 'b'] : ['a'] }));
    const said = [...probes(() => 200), refusal(12_000, 503), refusal(20_000, 503)];
    const { codes: found, result } = codes(blind, [answers(503, null)], said);
    assert.deepEqual(found, ['GRAY_FAILURE_UNDETECTED']);
    assert.match(result.diagnoses[0]?.summary ?? '', /answered 2 INVITEs with 503, and 20 OPTIONS with 200/);
    assert.deepEqual(
      codes(
        blind,
        [answers(503, null)],
        probes(() => 200),
      ).codes,
      [],
      'nobody saw it refuse',
    );
  });

  it('and not where a trunk is out, though a call now and then looks whether it is well', () => {
    const good = callsBy(80, (n) => ({
      tried: !during(n) ? ['a'] : n === 20 || n === 40 ? ['a', 'b'] : ['b'],
    }));
    assert.deepEqual(
      codes(good, [answers(503, null)], [...probes(() => 200), refusal(12_000, 503)]).codes,
      [],
    );
  });

  it('PREMATURE_FAILBACK and no other where every answered probe brings calls back to it', () => {
    const restless = callsBy(80, (n) => ({ tried: !during(n) ? ['a'] : n % 4 === 0 ? ['a', 'b'] : ['b'] }));
    const said = [...probes(() => 200), refusal(12_000, 503)];
    assert.deepEqual(codes(restless, [answers(503, null)], said).codes, ['PREMATURE_FAILBACK']);
  });

  it('FALSE_DOWN: traffic leaves who answers 404, and not who answers nothing, 503, or had refused', () => {
    const left = callsBy(80, (n) => ({ tried: n >= 24 && n < 60 ? ['b'] : ['a'] }));
    const first = (
      calls: CallMeasure[],
      statusAt: (atMs: number) => number | null,
      faults = [answers(null, 404)],
    ) => codes(calls, faults, probes(statusAt)).codes[0];
    const then = (status: number | null) => (atMs: number) => (atMs > 10_000 && atMs < 30_000 ? status : 200);
    assert.equal(first(left, then(404)), 'FALSE_DOWN');
    assert.equal(first(left, then(405)), 'FALSE_DOWN');
    for (const status of [null, 503, 408, 200])
      assert.notEqual(first(left, then(status)), 'FALSE_DOWN', String(status));
    assert.notEqual(first(left, then(404), [cut(1, 10_000, 30_000)]), 'FALSE_DOWN', 'it was cut off');
    const refused = left.with(23, call(23, { tried: ['a', 'b'] }));
    assert.notEqual(first(refused, then(404)), 'FALSE_DOWN', 'a call had got nowhere');
  });
});

describe('diagnoses of a backup that only half works', () => {
  const inbound = (n: number, overrides: Parameters<typeof call>[1]) =>
    call(n, {
      id: `office-in-${n}`,
      sipCallId: `office-in-${n}@test`,
      flow: 'office-in',
      direction: 'inbound',
      ...overrides,
    });
  const theCut = [cut(1, 10_000, 30_000)];

  it('INBOUND_NOT_FAILED_OVER: calls that the backup delivers are lost, and not if they are busy or come through', () => {
    const calls = (status: number, answered = false) =>
      Array.from({ length: 10 }, (_, n) => {
        const one = inbound(21 + n, { tried: ['a', 'b'], answered, finalStatus: status });
        return {
          ...one,
          attempts: one.attempts.map((tried) => (tried.trunk === 'b' ? { ...tried, status } : tried)),
        };
      });
    const { codes: found, result } = codes(calls(403), theCut);
    assert.deepEqual(found, ['INBOUND_NOT_FAILED_OVER']);
    assert.match(
      result.diagnoses[0]?.summary ?? '',
      /^10 of 10 calls that came in by b while a was away got 403/,
    );
    assert.deepEqual(codes(calls(486), theCut).codes, []);
    assert.deepEqual(codes(calls(200, true), theCut).codes, []);
  });

  it('CALLER_ID_LOST: most calls that come in by one trunk have another number', () => {
    const numbers = (arrived: string) => ({
      caller: { sent: '+12025550142', arrived },
      dialled: { sent: '+12025550100', arrived: '+12025550100' },
      evidence: [],
    });
    const by = (trunk: string, arrived: string, from: number) =>
      Array.from({ length: 4 }, (_, n) => inbound(from + n, { tried: [trunk], numbers: numbers(arrived) }));
    const { codes: found, result } = codes([...by('a', '2025550142', 1), ...by('b', '+12025550100', 30)], []);
    assert.deepEqual(found, ['CALLER_ID_LOST']);
    assert.match(
      result.diagnoses[0]?.summary ?? '',
      /^4 of 4 calls that came in by b lost .*\+12025550142 became \+12025550100\. By other trunks 4 of 4/,
    );
    assert.deepEqual(codes([...by('a', '+12025550142', 1), ...by('b', '+12025550142', 30)], []).codes, []);
  });

  it('CODEC_MISMATCH_ON_BACKUP: 488, or packets nobody announced, by the backup alone', () => {
    const refused = (n: number, trunk: string) => {
      const one = call(n, { tried: [trunk], answered: false, finalStatus: 488 });
      return { ...one, attempts: one.attempts.map((tried) => ({ ...tried, status: 488 })) };
    };
    const offer = sip(
      { node: 'carrier-b', interface: 'firewall', sent: false, atMs: 15_000 },
      {
        method: 'INVITE',
        src: ADDRESS.sbcB,
        dst: ADDRESS.carrierB,
        callId: 'office-out-30@test',
        sdp: sdp(ADDRESS.sbcB, 4000),
      },
    );
    const calls = callsBy(80, (n) => ({ tried: n >= 30 && n < 40 ? ['b'] : ['a'] }));
    const wrong = calls.map((one, n) => (n >= 30 && n < 40 ? refused(n, 'b') : one));
    const { codes: found, result } = codes(wrong, theCut, [offer]);
    assert.equal(found[0], 'CODEC_MISMATCH_ON_BACKUP');
    assert.match(
      result.diagnoses[0]?.summary ?? '',
      /^10 of 10 calls by b found no codec: PCMU was offered, and 10 were refused/,
    );
    const everywhere = wrong.map((one, n) => (n < 3 ? refused(n, 'a') : one));
    assert.ok(
      !codes(everywhere, theCut, [offer]).codes.includes('CODEC_MISMATCH_ON_BACKUP'),
      'by the primary too',
    );
    const codecs = { announced: ['PCMU'], received: ['PCMA'], unannounced: 50 };
    const strange = calls.map((one, n) =>
      n >= 30 && n < 40
        ? { ...one, codecs: { caller: codecs, callee: { ...codecs, unannounced: 0 }, evidence: [] } }
        : one,
    );
    assert.equal(codes(strange, theCut).codes[0], 'CODEC_MISMATCH_ON_BACKUP');
  });
});
