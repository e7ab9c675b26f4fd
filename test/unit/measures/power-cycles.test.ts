import assert from 'node:assert/strict';
import { leakProblems } from '../../../src/measures/leaks.js';
import { mutedTimes } from '../../../src/measures/muted.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { TalkingLeg } from '../../../src/measures/talking-legs.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import * as fixture from '../../fixtures/measures.js';
import { call, callsBy } from '../../fixtures/measures.js';
import { ADDRESS, rtp, sip } from '../../fixtures/messages.js';
import { plan } from '../../fixtures/plans.js';
import {
  boot,
  booted,
  calls,
  freeze,
  nodeFault,
  off,
  power,
  register,
  setUp,
} from '../../fixtures/node-faults.js';

describe('a power cycle', () => {
  it('is measured in its parts, up to the first call that both sides heard', () => {
    const answer = sip(
      { node: 'sbc', interface: 'carrier-a', sent: false, atMs: 15_300 },
      { method: 'OPTIONS', status: 200, src: ADDRESS.carrierA, dst: ADDRESS.sbcA, callId: 'probe' },
    );
    const early = { ...answer, seen: { ...answer.seen, atMs: 9000 } };
    const [hears, deafTo] = [fixture.ear(), fixture.deafEar(0, 1)];
    const ears: Record<string, CallMeasure['ears']> = {
      'office-out-31': { caller: deafTo, callee: hears },
      'office-out-32': { caller: hears, callee: deafTo },
    };
    const deaf = calls.map((one) => ({ ...one, ears: ears[one.id] ?? one.ears }));
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
        heardAt: 17_500,
        parts: { outageMs: 4000, bootMs: 999, registrationsMs: null, trunkMs: 1299, firstCallMs: 2500 },
        backMs: 7499,
        evidence: undefined,
      },
    );
  });

  it('finds the first answer of a trunk behind an SBC, too', () => {
    const answerAt = (atMs: number, src: string) =>
      sip(
        { node: 'desk', interface: 'sbc', sent: false, atMs },
        { method: 'OPTIONS', status: 200, src, dst: ADDRESS.desk, callId: `probe-${atMs}` },
      );
    const { lab } = plan();
    const nodes = lab.nodes.map((one) =>
      one.name === 'sbc'
        ? { ...one, interfaces: one.interfaces.map((each) => ({ ...each, address: ADDRESS.sbcLan })) }
        : one,
    );
    const [cycle] = setUp(calls, {
      faults: [power(1, 'desk', 10_000, 14_000)],
      sip: [answerAt(14_500, '198.18.0.99'), answerAt(15_300, ADDRESS.sbcLan)],
      overrides: { lab: { ...lab, nodes } },
    }).cycles;
    assert.equal(cycle?.trunkAt, 15_300);
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
      {
        before: 3,
        back: 2,
        firstAt: 16_000,
        lastAt: 21_000,
        missing: ['cleo@office.test'],
        evidence: undefined,
      },
    );
    assert.equal(parts?.registrationsMs, 6000);
  });

  it('must be over in time: expectation back-in-service', () => {
    const within = (value: number, some = calls, options = {}) =>
      setUp(some, {
        ...options,
        overrides: {
          expectations: [fixture.expectation({ kind: 'back-in-service', bound: { operator: '<=', value } })],
        },
      }).result.expectations[0];
    assert.deepEqual([within(7000)?.verdict, within(7000)?.measured], ['pass', 6499]);
    assert.match(
      within(7000)?.summary ?? '',
      /6\.5 s after it had lost its power \(without power 4 s, boot 1 s, ready to/,
    );
    assert.equal(within(6000)?.verdict, 'fail');
    const never = within(
      99_000,
      callsBy(60, (n) => ({ answered: n < 20 })),
    );
    assert.deepEqual([never?.verdict, never?.measured], ['fail', null]);
    assert.equal(
      within(
        99_000,
        callsBy(30, (n) => ({ answered: n < 20 })),
      )?.verdict,
      'invalid',
      'too few calls',
    );
    const entries = [...booted, boot(2, 'ns', 23_000, 'ready')];
    const both = { faults: [...off, power(2, 'ns', 20_000, 22_000)], entries };
    assert.equal(within(7000, calls, both)?.verdict, 'pass', 'a nameserver carries no calls');
    assert.equal(within(99_000, calls, { faults: [freeze(1, 'sbc', 10_000, 14_000)] })?.verdict, 'invalid');
  });
});

describe('what a fault of a node touches', () => {
  it('is every call on its way until its programs are ready, and no other', () => {
    const deaf = (atMs: number) => [
      call(1, {
        atMs,
        oneWay: true,
        oneWayAtEnd: true,
        ears: { caller: fixture.deafEar(atMs, atMs + 5000), callee: fixture.ear() },
      }),
    ];
    assert.deepEqual(setUp(deaf(14_500)).codes, []);
    assert.deepEqual(setUp(deaf(15_100)).codes, ['ONE_WAY_AUDIO']);
    const carrier = { faults: [power(1, 'carrier-b', 10_000, 14_000)] };
    assert.deepEqual(setUp(deaf(14_500), carrier).codes, ['ONE_WAY_AUDIO'], 'it went by the other carrier');
    const crash = nodeFault(1, 'sbc', 10_000, 14_000, { kind: 'crash', program: 'proxy', signal: 'KILL' });
    const again = { faults: [crash], entries: [boot(1, 'sbc', 15_000, 'program', 'proxy')] };
    assert.deepEqual(
      [setUp(deaf(14_500), again).codes, setUp(deaf(15_100), again).codes],
      [[], ['ONE_WAY_AUDIO']],
    );
  });

  it('is never a packet out of the dark', () => {
    const at = (atMs: number) =>
      sip(
        { node: 'sbc', interface: 'carrier-a', sent: true, atMs },
        { method: 'OPTIONS', src: ADDRESS.sbcA, dst: ADDRESS.carrierA },
      );
    const leaks = (evidence: object, faults: PlannedFault[] = off) => {
      const { of, truth } = setUp(calls, { faults });
      return leakProblems(of, truth, { ...fixture.emptyEvidence(of), ...evidence }).map(
        ({ summary }) => summary,
      );
    };
    assert.deepEqual(leaks({ sip: [9000, 10_090, 14_000].map(at) }), []);
    assert.match(
      leaks({ sip: [at(12_001)] }).join(),
      /^fault-1 on sbc: it was off, and yet SIP was at its interface 2000 ms/,
    );
    const voice = {
      node: 'sbc',
      interface: 'carrier-a',
      sent: true,
      src: `${ADDRESS.sbcA}:1`,
      dst: `${ADDRESS.carrierA}:2`,
    };
    assert.match(
      leaks({ rtp: [rtp(voice, { fromMs: 9000, packets: 200 })] }).join(),
      /RTP was at its interface/,
    );
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
    assert.deepEqual(muted([freeze(1, 'carrier-a', 10_000, 14_000)], leg('carrier-a', 9000)), [
      [10_000, 14_301],
    ]);
  });
});
