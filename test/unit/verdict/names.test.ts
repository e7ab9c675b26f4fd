import assert from 'node:assert/strict';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { callsBy } from '../../fixtures/measures.js';
import { AT, diagnosesOf, type DnsAction, dnsFault, GW, lookup } from '../../fixtures/names.js';
import { cut } from '../../fixtures/plans.js';

/** Two calls a second; those from 10 to 20 s come to nothing. */
const nowhere = { answered: false, tried: [], attempts: [] };
const lost = callsBy(80, (n) => (n >= 20 && n < 40 ? nowhere : {}));
const given = (data: string) => ({ answers: [{ name: GW.name, type: 'A', ttlS: 2, data }] });

describe('diagnoses of names', () => {
  describe('SHARED_RESOLVER', () => {
    const silence = (to: 'resolver-a' | 'resolver-b' | 'site') =>
      callsBy(20, () => ({})).flatMap((_, n) => lookup({ atMs: 10_000 + n * 500, to, answer: null }));
    const line = [cut(1, 10_000, 20_000, { target: 'edge--isp-a' })];

    it('names the resolver that is gone with the line, and how it failed', () => {
      const { codes, diagnoses } = diagnosesOf(lost, line, silence('resolver-a'));
      assert.equal(codes[0], 'SHARED_RESOLVER');
      assert.match(
        diagnoses[0]?.summary ?? '',
        /^20 calls went nowhere while resolver-a gave .*\(20 unanswered\)/,
      );
      assert.match(diagnoses[0]?.summary ?? '', /the primary's line \(edge--isp-a\)/);
      assert.equal(diagnoses[0]?.evidence[0]?.file, 'captures/resolver-a.isp.pcap');
    });

    it('knows refusals, failures and late answers', () => {
      const ways = [{ answer: { rcode: 'REFUSED' } }, { answer: { rcode: 'SERVFAIL' } }, { tookMs: 3000 }];
      const dns = callsBy(20, () => ({})).flatMap((_, n) =>
        lookup({ atMs: 10_000 + n * 500, ...ways[n % 3] }),
      );
      const { diagnoses } = diagnosesOf(lost, [], dns);
      assert.match(diagnoses[0]?.summary ?? '', /\(7 REFUSED, 7 SERVFAIL, 6 late\)/);
    });

    it('is silent where a second resolver is asked, where it stands elsewhere, and where no call was lost', () => {
      const second = lookup({ atMs: 10_001, to: 'resolver-b', answer: given(AT['carrier-a']) });
      assert.deepEqual(diagnosesOf(lost, line, [...silence('resolver-a'), ...second]).codes, []);
      assert.deepEqual(diagnosesOf(lost, line, silence('resolver-b')).codes, []);
      assert.deepEqual(diagnosesOf(lost, line, silence('site')).codes, []);
      assert.deepEqual(
        diagnosesOf(
          callsBy(80, () => ({})),
          [],
          silence('resolver-a'),
        ).codes,
        [],
      );
    });

    it('is silent where calls were lost that the lookups have nothing to do with', () => {
      assert.deepEqual(diagnosesOf(lost, [], lookup({ atMs: 3000, answer: null })).codes, []);
    });
  });

  describe('NEGATIVE_CACHE', () => {
    const missing: DnsAction = { answer: { how: 'nxdomain' }, record: GW.name, records: [GW] };
    const faults = [dnsFault('ns', 4000, 10_000, missing)];
    const nothing = { rcode: 'NXDOMAIN', negativeTtlS: 3600 };
    const source = lookup({
      atMs: 5000,
      from: 'resolver-a',
      to: 'ns',
      answer: { ...nothing, authoritative: true },
    });
    const later = lookup({ atMs: 16_000, answer: nothing });

    it('says who remembers, and for how long that is allowed', () => {
      const { codes, diagnoses } = diagnosesOf(lost, faults, [...source, ...later]);
      assert.deepEqual(codes, ['NEGATIVE_CACHE']);
      assert.match(
        diagnoses[0]?.summary ?? '',
        /there again at ns, and 9 calls .* 9\.5 s later: resolver-a still .* allows for 3600 s\.$/,
      );
      assert.deepEqual(
        diagnoses[0]?.evidence.slice(0, 3).map(({ file }) => file),
        ['journal.jsonl', 'captures/ns.isp.pcap', 'captures/resolver-a.isp.pcap'],
      );
    });

    it('blames the SBC where nobody else was asked', () => {
      assert.match(
        diagnosesOf(lost, faults, source).diagnoses[0]?.summary ?? '',
        /: the SBC still remembers/,
      );
    });

    it('is silent while the record is away, soon after, and once it was found', () => {
      assert.deepEqual(diagnosesOf(lost, [dnsFault('ns', 4000, null, missing)], source).codes, []);
      assert.deepEqual(
        diagnosesOf(lost, [dnsFault('ns', 4000, 16_000, missing)], [...source, ...later]).codes,
        [],
      );
      const found = lookup({ atMs: 11_000, answer: given(AT['carrier-a']) });
      assert.deepEqual(diagnosesOf(lost, faults, [...source, ...found]).codes, []);
    });
  });

  describe('DNS_CACHED_DEAD_RECORD', () => {
    const moved: DnsAction = {
      answer: { how: 'changed', data: [AT['carrier-b']] },
      record: GW.name,
      records: [GW],
    };
    const dead: PlannedFault[] = [
      dnsFault('ns', 5000, 25_000, moved),
      cut(2, 10_000, 20_000, { target: 'isp-a--carrier-a', entry: 2 }),
    ];
    const stayed = callsBy(80, (n) => ({ answered: n < 20 || n >= 40, tried: ['a'] }));
    const old = lookup({ atMs: 4000, answer: given(AT['carrier-a']) });

    it('names the address, and who kept it for too long', () => {
      const { codes, diagnoses } = diagnosesOf(stayed, dead, old);
      assert.equal(codes[0], 'DNS_CACHED_DEAD_RECORD');
      assert.match(
        diagnoses[0]?.summary ?? '',
        /20 calls .* up to 12\.5 s after its 2 s were over: the SBC, which/,
      );
      assert.ok(diagnoses[0]?.evidence.some(({ note }) => note === 'gw.trunk.test A: 198.18.4.2 for 2 s'));
      const inflated = lookup({ atMs: 15_000, answer: given(AT['carrier-a']) });
      const byResolver = diagnosesOf(stayed, dead, [...old, ...inflated]).diagnoses[0];
      assert.match(byResolver?.summary ?? '', /resolver-a keeps records for longer/);
    });

    it('is silent where calls follow, where the record did not move, and until its time is over', () => {
      const followed = callsBy(80, (n) => ({ tried: n >= 15 && n < 50 ? ['b'] : ['a'] }));
      assert.deepEqual(diagnosesOf(followed, dead, old).codes, []);
      const [, only] = dead;
      assert.ok(only);
      assert.ok(!diagnosesOf(stayed, [only], old).codes.includes('DNS_CACHED_DEAD_RECORD'));
      const late = [dnsFault('ns', 16_000, 25_000, moved), only];
      assert.ok(!diagnosesOf(stayed, late, old).codes.includes('DNS_CACHED_DEAD_RECORD'));
    });
  });

  describe('NO_SRV_ADVANCE', () => {
    const stuck = callsBy(80, (n) => ({
      answered: n < 20 || n >= 40,
      tried: ['a'],
      ...(n >= 20 && n < 40 && { firstProvisionalAt: null, finalStatus: 408 }),
    }));
    const line = [cut(1, 10_000, 20_000, { target: 'isp-a--carrier-a' })];
    const name = '_sip._udp.trunk.test';
    const target = (priority: number, edge: string) => ({
      name,
      type: 'SRV',
      ttlS: 4,
      data: `${priority} 100 5060 ${edge}.trunk.test`,
    });
    const srv = (...answers: ReturnType<typeof target>[]) =>
      lookup({ atMs: 9000, name, type: 'SRV', answer: { answers } });
    const first = { name: 'edge-a.trunk.test', type: 'A', ttlS: 4, data: AT['carrier-a'] };
    const address = lookup({ atMs: 9010, name: first.name, answer: { answers: [first] } });

    it('names the target that was tried, and the one that was not', () => {
      const dns = [...srv(target(20, 'edge-b'), target(10, 'edge-a')), ...address];
      const { codes, diagnoses } = diagnosesOf(stuck, line, dns);
      assert.equal(codes[0], 'NO_SRV_ADVANCE');
      assert.match(
        diagnoses[0]?.summary ?? '',
        /^20 calls got no answer from edge-a\.trunk\.test .* have edge-b\.trunk\.test after it/,
      );
    });

    it('is silent where there is one target, where another was tried, and where calls went on', () => {
      const code = (...args: Parameters<typeof diagnosesOf>) =>
        diagnosesOf(...args).codes.includes('NO_SRV_ADVANCE');
      assert.ok(!code(stuck, line, [...srv(target(10, 'edge-a')), ...address]));
      assert.ok(!code(stuck, line, [...srv(target(10, 'edge-b'), target(20, 'edge-a')), ...address]));
      const advanced = callsBy(80, (n) => ({ tried: n >= 20 && n < 40 ? ['a', 'b'] : ['a'] }));
      assert.ok(!code(advanced, line, [...srv(target(10, 'edge-a'), target(20, 'edge-b')), ...address]));
    });
  });

  it('a wait for the DNS is no try of a dead trunk; one for a cable without a carrier is', () => {
    const waits = callsBy(80, (n) => ({
      tried: n >= 20 && n < 60 ? ['b'] : ['a'],
      ...(n >= 20 &&
        n < 60 && {
          attempts: [{ trunk: 'b', atMs: n * 500 + 1100, status: 200, evidence: { file: 'x' } }],
        }),
    }));
    const codes = (overrides: object) => diagnosesOf(waits, [cut(1, 10_000, 30_000, overrides)], []).codes;
    assert.deepEqual(codes({ target: 'edge--isp-a' }), []);
    assert.deepEqual(codes({ target: 'isp-a--carrier-a', mode: 'carrier-down' }), []);
    assert.deepEqual(codes({ target: 'sbc--edge', mode: 'carrier-down' }), ['SLOW_DETECTION']);
  });
});
