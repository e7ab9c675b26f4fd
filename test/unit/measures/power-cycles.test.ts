import assert from 'node:assert/strict';
import type { SipMessage } from '../../../src/evidence/types.js';
import { indexCalls } from '../../../src/measures/calls.js';
import { leakProblems } from '../../../src/measures/leaks.js';
import { mutedTimes } from '../../../src/measures/muted.js';
import { measurePowerCycles } from '../../../src/measures/power-cycles.js';
import type { TalkingLeg } from '../../../src/measures/talking-legs.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { Plan, PlannedFault } from '../../../src/plan/types.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { judge } from '../../../src/verdict/judge.js';
import * as fixture from '../../fixtures/measures.js';
import { call, callsBy } from '../../fixtures/measures.js';
import { ADDRESS, rtp, sip } from '../../fixtures/messages.js';
import { boot, freeze, nodeFault, power } from '../../fixtures/node-faults.js';
import { plan } from '../../fixtures/plans.js';

/** The SBC is off from 10 to 14 s, and ready at 15 s. */
const off = [power(1, 'sbc', 10_000, 14_000)];
const booted = [boot(1, 'sbc', 14_002, 'interfaces'), boot(1, 'sbc', 15_000, 'ready')];

function setUp(
  calls: CallMeasure[],
  { faults = off, entries = booted, sip: messages = [] as SipMessage[], overrides = {} as Partial<Plan> } = {},
) {
  const of = fixture.planOf(calls, { faults, ...overrides });
  const journal: JournalEntry[] = [...fixture.journal(of), ...entries];
  const truth = injectedTruth(of, journal);
  const evidence = { ...fixture.emptyEvidence(of), sip: messages };
  const cycles = measurePowerCycles(of, journal, truth, indexCalls(of, evidence), calls);
  const result = judge(of, journal, evidence, {
    ...fixture.measuresOf(of, calls),
    powerCycles: cycles,
  });
  return { of, journal, truth, cycles, result, codes: result.diagnoses.map(({ code }) => code) };
}

const register = (user: string, atMs: number, status: number | null, sent: boolean, node = 'sbc'): SipMessage =>
  sip(
    { node, interface: node === 'sbc' ? 'carrier-a' : 'sbc', sent, atMs },
    {
      method: 'REGISTER',
      src: sent === (node === 'sbc') ? ADDRESS.sbcLan : ADDRESS.desk,
      dst: sent === (node === 'sbc') ? ADDRESS.desk : ADDRESS.sbcLan,
      status,
      callId: `register-${user}`,
      to: { user, host: 'office.test', tag: status === null ? null : 't' },
    },
  );

/** Calls two a second; from 10 to 15.5 s none is answered. */
const calls = callsBy(60, (n) => ({ answered: n < 20 || n > 30 }));

describe('a power cycle', () => {
  it('is measured in its parts, up to the first call that both sides heard', () => {
    const answer = sip(
      { node: 'sbc', interface: 'carrier-a', sent: false, atMs: 15_300 },
      { method: 'OPTIONS', status: 200, src: ADDRESS.carrierA, dst: ADDRESS.sbcA, callId: 'probe' },
    );
    const early = { ...answer, seen: { ...answer.seen, atMs: 9000 } };
    const deaf = calls.map((one) =>
      one.id === 'office-out-31' ? { ...one, ears: { caller: fixture.deafEar(0, 1), callee: fixture.ear() } } : one,
    );
    const [cycle] = setUp(deaf, { sip: [early, answer] }).cycles;
    assert.deepEqual(
      { ...cycle, evidence: undefined },
      {
        fault: 'fault-1',
        node: 'sbc',
        cutAt: 10_001,
        onAt: 14_001,
        readyAt: 15_000,
        registrations: null,
        trunkAt: 15_300,
        answeredAt: 16_500,
        heardAt: 17_000,
        parts: { outageMs: 4000, bootMs: 999, registrationsMs: null, firstCallMs: 2000 },
        backMs: 6999,
        evidence: undefined,
      },
    );
  });

  it('has nulls where nothing came back, and is none if it should not have', () => {
    const [lost] = setUp(calls, { entries: [] }).cycles;
    assert.equal(lost?.readyAt, null);
    assert.deepEqual(setUp(calls, { faults: [power(1, 'sbc', 10_000, null)] }).cycles, []);
    const [never] = setUp(callsBy(40, (n) => ({ answered: n < 20 }))).cycles;
    assert.deepEqual([never?.heardAt, never?.backMs], [null, null]);
  });

  it('of a carrier counts the calls that went by it', () => {
    const moved = callsBy(60, (n) => ({ tried: n < 20 || n > 50 ? ['a'] : ['b'] }));
    const [cycle] = setUp(moved, { faults: [power(1, 'carrier-a', 10_000, 14_000)] }).cycles;
    assert.equal(cycle?.answeredAt, 51 * 500 + 1000);
  });

  it('of a registrar tells when registrations were back, and which never were', () => {
    const before = ['anna', 'ben', 'cleo'].map((user, n) => register(user, 1000 + n, 200, true));
    const after = [register('anna', 16_000, 200, true), register('ben', 21_000, 200, true)];
    const turned = register('ben', 15_500, 401, true);
    const { registrations, parts } = setUp(calls, { sip: [...before, turned, ...after] }).cycles[0] ?? {};
    assert.deepEqual(
      { ...registrations, evidence: undefined },
      { before: 3, back: 2, firstAt: 16_000, lastAt: 21_000, missing: ['cleo@office.test'], evidence: undefined },
    );
    assert.equal(parts?.registrationsMs, 6000);
  });

  it('must be over in time: expectation back-in-service', () => {
    const within = (value: number, some = calls, options = {}) =>
      setUp(some, {
        ...options,
        overrides: { expectations: [fixture.expectation({ kind: 'back-in-service', bound: { operator: '<=', value } })] },
      }).result.expectations[0];
    assert.deepEqual([within(7000)?.verdict, within(7000)?.measured], ['pass', 6499]);
    assert.match(within(7000)?.summary ?? '', /6\.5 s after it had lost its power \(without power 4 s, boot 1 s, ready to/);
    assert.equal(within(6000)?.verdict, 'fail');
    const never = within(99_000, callsBy(60, (n) => ({ answered: n < 20 })));
    assert.deepEqual([never?.verdict, never?.measured], ['fail', null]);
    assert.equal(within(99_000, callsBy(30, (n) => ({ answered: n < 20 })))?.verdict, 'invalid', 'too few calls');
    assert.equal(within(99_000, calls, { faults: [freeze(1, 'sbc', 10_000, 14_000)] })?.verdict, 'invalid');
  });
});

describe('diagnoses of nodes', () => {
  const before = [register('anna', 1000, 200, true), register('ben', 1001, 200, true)];
  const late = (atMs: number) => [
    ...before,
    register('anna', 16_000, 200, true),
    register('ben', 11_000, null, true, 'desk'),
    register('ben', atMs, 200, true),
  ];
  const retry = { lab: { ...plan().lab, values: { ...plan().lab.values, 'register-retry-s': 10 } } };

  it('SLOW_REREGISTRATION: later than a healthy backoff, or never', () => {
    const codes = (sip: SipMessage[]) => setUp(calls, { sip, overrides: retry }).codes;
    assert.deepEqual(codes(late(28_900)), [], '10 s of backoff and 4 s to register');
    assert.deepEqual(codes(late(29_100)), ['SLOW_REREGISTRATION']);
    assert.deepEqual(codes(before), ['SLOW_REREGISTRATION'], 'never');
    const [diagnosis] = setUp(calls, { sip: late(29_100), overrides: retry }).result.diagnoses;
    assert.match(diagnosis?.summary ?? '', /^2 of 2 registrations came back to sbc, the last 14\.1 s after it was ready/);
    assert.deepEqual(diagnosis?.evidence.map(({ file, atMs }) => [file, atMs]), [
      ['captures/desk.sbc.pcap', 11_000],
      ['captures/sbc.carrier-a.pcap', 29_100],
    ]);
    assert.deepEqual(setUp(calls, { sip: late(29_100) }).codes, [], 'RFC 5626 allows 30 s where the lab says nothing');
    const short = setUp(calls, { sip: before, overrides: { ...retry, trafficMs: 20_000 } });
    assert.deepEqual(short.codes, [], 'no time to come back');
  });

  it('SLOW_RETURN: ready, and calls are turned away', () => {
    const refused = (last: number) =>
      callsBy(60, (n) => (n < 20 || n > last ? {} : { answered: false, ...(n > 30 && { tried: [], attempts: [] }) }));
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
      ...(n >= 20 && n < 60 && {
        attempts: [{ trunk: 'b', atMs: n * 500 + 1100, status: 200, evidence: { file: 'x' } }],
      }),
    }));
    const faults = [power(1, 'carrier-a', 10_000, 30_000)];
    const blind = setUp(waits, { faults, entries: [] });
    assert.deepEqual(blind.codes, ['SLOW_DETECTION']);
    assert.equal(blind.result.failover.detectionMs, null);
  });
});

describe('what a fault of a node touches', () => {
  it('is every call on its way until its programs are ready, and no other', () => {
    const deaf = (atMs: number) => [
      call(1, { atMs, oneWay: true, oneWayAtEnd: true, ears: { caller: fixture.deafEar(atMs, atMs + 5000), callee: fixture.ear() } }),
    ];
    assert.deepEqual(setUp(deaf(14_500)).codes, []);
    assert.deepEqual(setUp(deaf(15_100)).codes, ['ONE_WAY_AUDIO']);
    const carrier = { faults: [power(1, 'carrier-b', 10_000, 14_000)] };
    assert.deepEqual(setUp(deaf(14_500), carrier).codes, ['ONE_WAY_AUDIO'], 'it went by the other carrier');
    const crash = nodeFault(1, 'sbc', 10_000, 14_000, { kind: 'crash', program: 'proxy', signal: 'KILL' });
    const again = { faults: [crash], entries: [boot(1, 'sbc', 15_000, 'program', 'proxy')] };
    assert.deepEqual([setUp(deaf(14_500), again).codes, setUp(deaf(15_100), again).codes], [[], ['ONE_WAY_AUDIO']]);
  });

  it('is never a packet out of the dark', () => {
    const at = (atMs: number) =>
      sip({ node: 'sbc', interface: 'carrier-a', sent: true, atMs }, { method: 'OPTIONS', src: ADDRESS.sbcA, dst: ADDRESS.carrierA });
    const leaks = (evidence: object, faults: PlannedFault[] = off) => {
      const { of, truth } = setUp(calls, { faults });
      return leakProblems(of, truth, { ...fixture.emptyEvidence(of), ...evidence }).map(({ summary }) => summary);
    };
    assert.deepEqual(leaks({ sip: [9000, 10_090, 14_000].map(at) }), []);
    assert.match(leaks({ sip: [at(12_001)] }).join(), /^fault-1 on sbc: it was off, and yet SIP was at its interface 2000 ms/);
    const voice = { node: 'sbc', interface: 'carrier-a', sent: true, src: `${ADDRESS.sbcA}:1`, dst: `${ADDRESS.carrierA}:2` };
    assert.match(leaks({ rtp: [rtp(voice, { fromMs: 9000, packets: 200 })] }).join(), /RTP was at its interface/);
    assert.deepEqual(leaks({ sip: [at(12_001)] }, [freeze(1, 'sbc', 10_000, 14_000)]), []);
  });

  it('excuses talkers: for good where their own power went, while it lasts next to it or where they stand still', () => {
    const leg = (node: string, fromMs: number) => ({ node, fromMs }) as TalkingLeg;
    const muted = (faults: PlannedFault[], one: TalkingLeg) => {
      const { of, truth } = setUp(calls, { faults, entries: [] });
      return mutedTimes(of, truth, one).map(({ startMs, endMs }) => [startMs, endMs]);
    };
    const carrierOff = [power(1, 'carrier-a', 10_000, 14_000)];
    assert.deepEqual(muted(carrierOff, leg('carrier-a', 9000)), [[10_000, Infinity]]);
    assert.deepEqual(muted(carrierOff, leg('carrier-a', 14_500)), [[10_000, 14_301]]);
    assert.deepEqual(muted(off, leg('carrier-a', 9000)), [[10_000, 14_301]]);
    assert.deepEqual(muted(off, leg('carrier-b', 9000)), [], 'not next to it');
    assert.deepEqual(muted([freeze(1, 'carrier-a', 10_000, 14_000)], leg('carrier-a', 9000)), [[10_000, 14_301]]);
  });
});
