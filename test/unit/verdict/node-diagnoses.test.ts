import assert from 'node:assert/strict';
import type { SipMessage } from '../../../src/evidence/types.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { callsBy } from '../../fixtures/measures.js';
import { boot, booted, calls, freeze, power, register, setUp } from '../../fixtures/node-faults.js';
import { plan } from '../../fixtures/plans.js';

describe('diagnoses of nodes', () => {
  const before = [register('anna', 1000, 200, true), register('ben', 1001, 200, true)];
  const late = (atMs: number) => [
    ...before,
    register('anna', 16_000, 200, true),
    register('ben', 11_000, null, true, 'desk'),
    register('ben', atMs, 200, true),
  ];
  const retry = { lab: { ...plan().lab, values: { ...plan().lab.values, 'registration-retry-s': 1 } } };

  it('SLOW_REREGISTRATION: later than a healthy backoff, or never', () => {
    const codes = (sip: SipMessage[]) => setUp(calls, { sip, overrides: retry }).codes;
    assert.deepEqual(codes(late(26_900)), [], '8 s of backoff and 4 s to register');
    assert.deepEqual(codes(late(27_100)), ['SLOW_REREGISTRATION']);
    const unaware = late(40_000).filter(({ status }) => status !== null);
    assert.deepEqual(codes(unaware), [], 'who never tried in vain knows of nothing to retry');
    const never = [...before, register('ben', 11_000, null, true, 'desk')];
    assert.deepEqual(codes(never), ['SLOW_REREGISTRATION'], 'never');
    const [diagnosis] = setUp(calls, { sip: late(27_100), overrides: retry }).result.diagnoses;
    assert.match(
      diagnosis?.summary ?? '',
      /^2 of 2 registrations came back to sbc, the last 12\.1 s after it was ready; .* tried in vain .* within 12 s/,
    );
    assert.deepEqual(
      diagnosis?.evidence.map(({ file, atMs }) => [file, atMs]),
      [
        ['captures/desk.sbc.pcap', 11_000],
        ['captures/sbc.carrier-a.pcap', 27_100],
      ],
    );
    assert.deepEqual(setUp(calls, { sip: late(27_100) }).codes, [], '30 s where the lab says nothing');
    const short = setUp(calls, { sip: never, overrides: { ...retry, trafficMs: 20_000 } });
    assert.deepEqual(short.codes, [], 'no time to come back');
  });

  it('SLOW_RETURN: ready, and calls are turned away', () => {
    const refused = (last: number) =>
      callsBy(60, (n) =>
        n < 20 || n > last ? {} : { answered: false, ...(n > 30 && { tried: [], attempts: [] }) },
      );
    assert.deepEqual(setUp(refused(30)).codes, []);
    assert.deepEqual(setUp(refused(36)).codes, [], 'two calls after 2 s of grace are bad luck');
    assert.deepEqual(setUp(refused(40)).codes, ['SLOW_RETURN']);
  });

  it('BOOT_FAILED: a program did not come up again; and NODE_DIED does not blame what a fault ended', () => {
    const ended = (owner: 'system' | 'scenario'): JournalEntry => ({
      atMs: 10_000,
      event: 'program-ended',
      node: 'sbc',
      program: 'proxy',
      owner,
      exitCode: null,
      signal: 'SIGKILL',
    });
    const dead = callsBy(60, (n) => ({ answered: n < 20 }));
    const entries = [ended('scenario'), boot(1, 'sbc', 29_000, 'failed', 'proxy')];
    const [first] = setUp(dead, { entries }).result.diagnoses;
    assert.equal(first?.code, 'BOOT_FAILED');
    assert.match(first.evidence[0]?.note ?? '', /it said why/);
    assert.deepEqual(setUp(calls, { entries: [...booted, ended('scenario')] }).codes, []);
    assert.deepEqual(setUp(calls, { entries: [...booted, ended('system')] }).codes, ['NODE_DIED']);
  });

  it('GRAY_FAILURE_UNDETECTED: calls go on to a carrier that stands still; SLOW_DETECTION where it has no power', () => {
    const blind = callsBy(80, (n) => ({ tried: n >= 20 && n < 60 ? ['a', 'b'] : ['a'] }));
    const frozen = setUp(blind, { faults: [freeze(1, 'carrier-a', 10_000, 30_000)], entries: [] });
    assert.deepEqual(frozen.codes, ['GRAY_FAILURE_UNDETECTED']);
    assert.match(frozen.result.diagnoses[0]?.summary ?? '', /nobody asked it for an answer/);
    const dark = setUp(blind, { faults: [power(1, 'carrier-a', 10_000, 30_000)], entries: [] });
    assert.deepEqual(dark.codes, ['SLOW_DETECTION']);
    const elsewhere = setUp(blind, { faults: [freeze(1, 'firewall', 10_000, 30_000)], entries: [] });
    assert.deepEqual(elsewhere.codes, [], 'the kernel of a router forwards on');
  });

  it('know a wait for a trunk whose cable has no carrier, though no capture shows it', () => {
    const waits = callsBy(80, (n) => ({
      tried: n >= 20 && n < 60 ? ['b'] : ['a'],
      ...(n >= 20 &&
        n < 60 && {
          attempts: [{ trunk: 'b', atMs: n * 500 + 1100, status: 200, evidence: { file: 'x' } }],
        }),
    }));
    const faults = [power(1, 'carrier-a', 10_000, 30_000)];
    const blind = setUp(waits, { faults, entries: [] });
    assert.deepEqual(blind.codes, ['SLOW_DETECTION']);
    assert.equal(blind.result.failover.detectionMs, null);
  });
});
