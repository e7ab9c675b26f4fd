import assert from 'node:assert/strict';
import { indexCalls } from '../../../src/measures/calls.js';
import { measureTakeovers } from '../../../src/measures/takeovers.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { PlannedExpectation } from '../../../src/plan/planned-expectation.js';
import { judge } from '../../../src/verdict/judge.js';
import { callsBy, ear, emptyEvidence, journal, measuresOf, planOf } from '../../fixtures/measures.js';
import { ADDRESS, sip } from '../../fixtures/messages.js';
import { power } from '../../fixtures/node-faults.js';

const CUT_MS = 10_000;
const SHARED = '198.18.9.9';
const expectation = (statistic: 'time' | 'calls-kept'): PlannedExpectation => ({
  ...{ id: statistic, kind: 'takeover', statistic, phase: null, flow: null, withinMs: 3000 },
  bound: statistic === 'time' ? { operator: '<=', value: 3000 } : { operator: '>=', value: 1 },
});

/** Calls of 8 s, one every half second. From the cut on, the callers of those that are up hear nothing until `heardAt`. */
const callsUp = (heardAt: number): CallMeasure[] =>
  callsBy(40, (n) => {
    const [answeredAt, endedAt] = [n * 500 + 1000, n * 500 + 9000];
    const isUp = answeredAt <= CUT_MS && endedAt > CUT_MS;
    const outages = isUp ? [{ startMs: CUT_MS, endMs: Math.min(heardAt, endedAt) }] : [];
    const deaf = ear({ outages, heardShare: 0.5 });
    return { endedAt, ears: { caller: deaf, callee: deaf } };
  });

interface Happened {
  /** When the standby sends from the shared address, and when the SBC last did; null for never. */
  takenAt?: number | null;
  activeUntil?: number | null;
  target?: string;
}

function judged(
  calls: CallMeasure[],
  { takenAt = 12_000, activeUntil = 9900, target = 'sbc' }: Happened = {},
) {
  const of = planOf(calls, {
    faults: [power(1, target, CUT_MS, null)],
    expectations: [expectation('time'), expectation('calls-kept')],
  });
  of.calls = of.calls.map((call) => ({ ...call, holdMs: 8000 }));
  of.lab.shared = [{ name: 'edge', nodes: ['sbc', 'firewall'], addresses: [SHARED] }];
  const sent = (node: 'sbc' | 'firewall', atMs: number, src: string) =>
    sip(
      { node, interface: node === 'sbc' ? 'carrier-a' : 'sbc', sent: true, atMs },
      { method: 'OPTIONS', src, dst: ADDRESS.desk },
    );
  const messages = [
    ...(activeUntil === null ? [] : [sent('sbc', activeUntil, SHARED)]),
    // What the standby sends from its own address is no takeover.
    sent('firewall', 10_500, ADDRESS.carrierB),
    ...(takenAt === null ? [] : [sent('firewall', takenAt, SHARED)]),
  ];
  const evidence = { ...emptyEvidence(of), sip: messages };
  const takeovers = measureTakeovers(of, injectedTruth(of, journal(of)), indexCalls(of, evidence), calls);
  return judge(of, journal(of), evidence, { ...measuresOf(of, calls), takeovers });
}

const verdicts = (...args: Parameters<typeof judged>) =>
  judged(...args).expectations.map(({ verdict }) => verdict);
const codes = (...args: Parameters<typeof judged>) => judged(...args).diagnoses.map(({ code }) => code);

describe('takeovers of a shared address', () => {
  it('are in time, and calls that were up are heard again', () => {
    const [time, kept] = judged(callsUp(12_100)).expectations;
    assert.deepEqual([time?.verdict, time?.measured], ['pass', 1999]);
    assert.deepEqual([kept?.verdict, kept?.measured], ['pass', 1]);
    assert.match(
      kept?.summary ?? '',
      /^6 of 6 calls \(100 %\) .* silence of at most 2\.1 s/,
      'those with 5 s before them',
    );
    assert.deepEqual(codes(callsUp(12_100)), []);
  });

  it('CALLS_LOST_AT_TAKEOVER: who was up is never heard again', () => {
    assert.deepEqual(verdicts(callsUp(Infinity)), ['pass', 'fail']);
    const [first, ...more] = judged(callsUp(Infinity)).diagnoses;
    assert.deepEqual([first?.code, more], ['CALLS_LOST_AT_TAKEOVER', []]);
    assert.match(
      first?.summary ?? '',
      /were never heard again, although firewall had the address of edge 2 s later/,
    );
  });

  it('fail where calls are heard too late, or nobody takes over', () => {
    assert.deepEqual(verdicts(callsUp(13_500)), ['pass', 'fail']);
    assert.deepEqual(codes(callsUp(13_500)), [], 'they were heard again');
    assert.deepEqual(verdicts(callsUp(Infinity), { takenAt: null }), ['fail', 'fail']);
    assert.deepEqual(codes(callsUp(Infinity), { takenAt: null }), []);
    assert.deepEqual(verdicts(callsUp(12_100), { takenAt: 13_500 }), ['fail', 'pass']);
  });

  it('are not to be had where nobody who shares an address loses its power, or nobody was up', () => {
    assert.deepEqual(verdicts(callsUp(12_100), { target: 'carrier-a' }), ['invalid', 'invalid']);
    assert.deepEqual(verdicts(callsUp(12_100), { activeUntil: null }), ['invalid', 'invalid'], 'it stood by');
    assert.deepEqual(
      verdicts(callsUp(12_100), { activeUntil: 7000 }),
      ['invalid', 'invalid'],
      'no longer active',
    );
    const short = callsUp(12_100).map((call) => ({ ...call, answeredAt: null, ears: null }));
    assert.deepEqual(verdicts(short), ['pass', 'invalid']);
    const unheard = callsUp(12_100).map((call) => ({ ...call, ears: null }));
    assert.deepEqual(verdicts(unheard), ['pass', 'invalid']);
  });

  it('count a call that ends before its time as lost', () => {
    const cutShort = callsUp(12_100).map((call) =>
      call.answeredAt !== null && call.answeredAt < CUT_MS
        ? { ...call, endedAt: Math.min(call.endedAt ?? 0, 14_000) }
        : call,
    );
    assert.deepEqual(verdicts(cutShort), ['pass', 'fail']);
  });
});
