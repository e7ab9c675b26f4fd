import assert from 'node:assert/strict';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { PlannedExpectation } from '../../../src/plan/planned-expectation.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { callsBy, ear, expectation } from '../../fixtures/measures.js';
import { crossing, lineCut, PBX, siteRun, WAN } from '../../fixtures/lines.js';
import { sip } from '../../fixtures/messages.js';
import { flowOf } from '../../fixtures/pbx.js';
import { figuresOf } from '../../../src/report/figures.js';

const torn = ear({ mos: 2.4, packets: { received: 160, lost: 40, late: 10, jitterMs: 20 } });
const degraded: PlannedFault[] = [
  {
    ...lineCut(10_000, 30_000),
    kind: 'impair',
    from: null,
    only: null,
    impairment: {} as never,
  },
];
/** Two calls a second; torn from 10 to 30 s for as long as they go by line A, which they do but for `awayN` to `homeN`. */
function run(awayN: number, homeN: number, options: Parameters<typeof siteRun>[2] = {}) {
  const isAway = (n: number) => n >= awayN && n < homeN;
  const calls = callsBy(80, (n) =>
    n >= 20 && n < 60 && !isAway(n) ? { ears: { caller: torn, callee: ear() } } : {},
  );
  const ways = calls.map((call, n) => {
    const line = isAway(n) ? 'b' : 'a';
    return crossing(call, n, line, [line, (call.answeredAt ?? 0) + 5, 100]);
  });
  return siteRun(calls, ways, { faults: degraded, ...options });
}

describe('SOFT_FAILURE_UNDETECTED', () => {
  it('is a site that stays on a line that is up and that no call can use', () => {
    const { result, codes } = run(80, 80);
    assert.deepEqual(codes, ['SOFT_FAILURE_UNDETECTED']);
    const [diagnosis] = result.diagnoses;
    assert.match(
      diagnosis?.summary ?? '',
      /^line-a was up and no call could use it \(up to 20 % of the packets lost, MOS down to 2\.4\), and \d+ calls still went by it/,
    );
    assert.equal(diagnosis?.evidence[0]?.file, 'captures/branch.isp-a.pcap');
  });

  it('is not told of a site that went over in time, nor of calls that are bad now and then', () => {
    assert.deepEqual(run(28, 66).codes, []);
    const calls = callsBy(80, (n) => (n % 5 === 0 ? { ears: { caller: torn, callee: ear() } } : {}));
    const ways = calls.map((call, n) => crossing(call, n, 'a', ['a', (call.answeredAt ?? 0) + 5, 100]));
    assert.deepEqual(siteRun(calls, ways, { faults: degraded }).codes, []);
  });

  it('is not told where packets are late and none is missing, as from a sender that is', () => {
    const late = ear({ mos: 2.4, packets: { received: 200, lost: 2, late: 60, jitterMs: 40 } });
    const slow = ear({ mos: 2.4, packets: { received: 200, lost: 0, late: 0, jitterMs: 1 }, delayMs: 450 });
    const codes = (of: typeof late) => {
      const calls = callsBy(80, (n) => (n >= 20 ? { ears: { caller: of, callee: ear() } } : {}));
      const ways = calls.map((call, n) => crossing(call, n, 'a', ['a', (call.answeredAt ?? 0) + 5, 100]));
      return siteRun(calls, ways, { faults: degraded }).codes;
    };
    assert.deepEqual(codes(late), []);
    assert.deepEqual(codes(slow), ['SOFT_FAILURE_UNDETECTED']);
  });

  it('is not told of a line that was left, and is bad anew when the site is back', () => {
    const bad = new Set([19, 20, 21, 74, 75, 76, 77, 78, 79]);
    const calls = callsBy(80, (n) => (bad.has(n) ? { ears: { caller: torn, callee: ear() } } : {}));
    const ways = calls.map((call, n) => {
      const line = n > 21 && n < 74 ? 'b' : 'a';
      return crossing(call, n, line, [line, (call.answeredAt ?? 0) + 5, 100]);
    });
    assert.deepEqual(siteRun(calls, ways, { faults: degraded }).codes, []);
  });

  it('is not told where the other line was no better', () => {
    const both = [...degraded, { ...degraded[0]!, id: 'fault-2', target: 'branch--isp-b' }];
    assert.deepEqual(run(80, 80, { faults: both }).codes, []);
  });
});

describe('SLOW_REREGISTRATION at a site that moved', () => {
  const of = (user: string) => ({ user, host: 'x', tag: null });
  const heard = (address: string, atMs: number) =>
    sip(
      { node: 'pbx', interface: 'core', sent: false, atMs },
      { method: 'INVITE', src: address, dst: PBX, from: of('1001'), to: of('1001'), callId: 'other' },
    );
  const bound = (address: string, atMs: number) => ({
    ...sip(
      { node: 'pbx', interface: 'core', sent: true, atMs },
      { method: 'REGISTER', src: PBX, dst: address, to: of('1001'), callId: 'r' },
    ),
    status: 200,
  });
  const inbound = callsBy(80, (n) => ({
    direction: 'inbound',
    flow: 'office-in',
    tried: [],
    ...(n >= 20 && { answered: false }),
  }));
  const codes = (...sips: ReturnType<typeof heard>[]) =>
    siteRun(inbound, [], {
      sip: sips,
      trafficMs: 80_000,
      flows: [
        flowOf({ name: 'office-in', direction: 'inbound', from: 'carrier-a', to: 'desk', answers: 'phone' }),
      ],
    });

  it('is a phone that stays registered from the address of before', () => {
    const { result } = codes(bound(WAN.a, 1000), heard(WAN.b, 13_000));
    const [diagnosis] = result.diagnoses;
    assert.equal(diagnosis?.code, 'SLOW_REREGISTRATION');
    assert.match(
      diagnosis.summary,
      /^1 of 1 phone stayed registered from 198\.18\.3\.1 after their site had gone over to 198\.18\.4\.1: nobody could call them for 67 s and to the end, and 54 calls/,
    );
    assert.deepEqual(
      diagnosis.evidence.slice(0, 2).map(({ frame }) => frame),
      [1000, 13_000],
    );
  });

  it('is what "registered" is counted from', () => {
    const registered = (...sips: ReturnType<typeof heard>[]) => {
      const bound20s = { operator: '<=' as const, value: 20_000 };
      const options = {
        sip: [bound(WAN.a, 1000), ...sips],
        trafficMs: 80_000,
        expectations: [expectation({ kind: 'registered', bound: bound20s })],
      };
      const { verdict, measured } = siteRun(inbound, [], options).result.expectations[0] ?? {};
      return [verdict, measured];
    };
    assert.deepEqual(registered(heard(WAN.b, 13_000), bound(WAN.b, 30_000)), ['pass', 17_000]);
    assert.deepEqual(registered(heard(WAN.b, 13_000), bound(WAN.b, 34_000)), ['fail', 21_000]);
    assert.deepEqual(registered(heard(WAN.b, 13_000)), ['fail', null]);
    const [first, second] = [heard(WAN.b, 13_000), heard(WAN.a, 72_000)];
    assert.deepEqual(
      registered(first, bound(WAN.b, 14_000), second),
      ['pass', 1000],
      'too near to the end to tell',
    );
  });

  it('allows what a healthy retry takes: 30 s, and 4 s to register', () => {
    const late = (atMs: number) =>
      codes(bound(WAN.a, 1000), heard(WAN.b, 13_000), bound(WAN.b, atMs)).codes.includes(
        'SLOW_REREGISTRATION',
      );
    assert.deepEqual([late(46_900), late(47_100)], [false, true]);
  });
});

describe('expectations of lines', () => {
  const outcome = (expectations: PlannedExpectation[], awayN = 26, homeN = 70, options = {}) =>
    run(awayN, homeN, { expectations, ...options }).result.expectations.map(
      ({ verdict, measured }) =>
        [verdict, measured === null ? null : Math.round(measured * 100) / 100] as const,
    );
  const atMost = (value: number) => ({ operator: '<=' as const, value });
  const atLeast = (value: number) => ({ operator: '>=' as const, value });
  const share = (line: string, phase: 'converged' | 'settled' | null) =>
    ({ ...expectation({ kind: 'line-share', bound: atLeast(1), phase }), line }) as PlannedExpectation;

  it('line-share counts calls all of whose media went by a line', () => {
    assert.deepEqual(outcome([share('backup', 'converged'), share('primary', 'settled')]), [
      ['pass', 1],
      ['pass', 1],
    ]);
    assert.deepEqual(outcome([share('backup', null), share('primary', null)]), [
      ['fail', 0.55],
      ['fail', 0.45],
    ]);
    const [first, second] = outcome([share('backup', 'converged'), share('primary', 'settled')], 80, 80);
    assert.deepEqual([first?.[0], second?.[0]], ['fail', 'pass']);
  });

  it('line-failover: moves, and times to leave and to come home', () => {
    const of = (statistic: string, value: number) =>
      expectation({ kind: 'line-failover', statistic, bound: atMost(value) });
    const three = [of('excess-transitions', 0), of('away-time', 3000), of('home-time', 4000)];
    assert.deepEqual(outcome(three), [
      ['pass', 0],
      ['pass', 2999],
      ['fail', 4999],
    ]);
    assert.deepEqual(
      outcome(three, 80, 80).map(([verdict]) => verdict),
      ['pass', 'fail', 'pass'],
    );
    assert.deepEqual(
      outcome(three, 80, 80, { faults: [] }).map(([verdict]) => verdict),
      ['pass', 'invalid', 'invalid'],
    );
  });
});

describe('the failback axis of a site with lines', () => {
  const cut = { faults: [lineCut(10_000, 30_000)] };
  const failback = (awayN: number, homeN: number, options = cut) =>
    run(awayN, homeN, options).result.scorecard.failback;

  it('is full for one move out and one home, and nothing for a line that was cut and never left, or never home again', () => {
    assert.equal(failback(26, 70), 100);
    assert.equal(failback(80, 80), 0);
    assert.equal(failback(26, 80), 0);
    assert.equal(failback(80, 80, { faults: degraded }), 100, 'an impairment may be too little to leave for');
  });

  it('shows moves of lines as the moves', () => {
    const { transitions, expectedTransitions, excess } = figuresOf(run(26, 70, cut).result);
    assert.deepEqual([transitions, expectedTransitions, excess], [2, 2, 0]);
  });
});

describe('expectations of service', () => {
  const judged = (
    kind: 'restored',
    limitMs: number,
    calls: CallMeasure[],
    faults = [lineCut(10_000, 30_000)],
  ) => {
    const bound = { operator: '<=' as const, value: limitMs };
    const { result } = siteRun(calls, [], { faults, expectations: [expectation({ kind, bound })] });
    const { verdict, measured } = result.expectations[0] ?? {};
    return [verdict, measured === null || measured === undefined ? null : Math.round(measured)];
  };
  const lost = (from: number, to: number) => callsBy(80, (n) => ({ answered: n < from || n >= to }));

  it('restored is the first call from which on none goes wrong', () => {
    assert.deepEqual(judged('restored', 3000, lost(20, 26)), ['pass', 2999]);
    assert.deepEqual(judged('restored', 2000, lost(20, 26)), ['fail', 2999]);
    assert.deepEqual(
      judged('restored', 0, lost(0, 20)),
      ['pass', 0],
      'what was before the fault is none of it',
    );
    assert.deepEqual(judged('restored', 60_000, lost(20, 79)), ['fail', null], 'one good call shows nothing');
    assert.deepEqual(judged('restored', 1, lost(20, 26), []), ['invalid', null]);
    const deaf = callsBy(80, (n) => (n === 40 ? { ears: null } : {}));
    assert.deepEqual(judged('restored', 60_000, deaf), ['invalid', null], 'answered, and not listened to');
  });
});
