import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import type { CompileOptions } from '../../../src/plan/compile.js';
import type { Plan } from '../../../src/plan/types.js';
import { impaired } from '../../fixtures/impairments.js';
import { edited, loadText, scenarioText } from '../../fixtures/inputs.js';

const options: CompileOptions = { seed: 7, defects: 'also', runtime: 'netns', emulator: 'wire', repeat: 1 };
const compile = (text = scenarioText, changes: Partial<CompileOptions> = {}) =>
  compilePlans(loadText(text), { ...options, ...changes });

describe('what a plan does to its lab', () => {
  let plan: Plan;
  before(() => {
    [plan] = compile() as [Plan, Plan];
  });

  it('gives each flow its ends, numbers, proxy and start', () => {
    const [startMs = -1, otherStartMs = -1] = plan.flows.map((flow) => flow.startMs);
    for (const ms of [startMs, otherStartMs]) assert.ok(ms >= 0 && ms < 400, String(ms));
    assert.notEqual(startMs, otherStartMs);
    assert.deepEqual(plan.flows, [
      {
        name: 'out',
        direction: 'outbound',
        from: 'desk',
        to: 'any-carrier',
        answers: 'carrier',
        emergency: false,
        asksForDigits: false,
        subscriber: 'callee',
        digits: null,
        dialled: '+12025550142',
        callerNumber: '+12025550100',
        proxy: { address: '198.18.1.3', port: 5060 },
        startMs,
        ratePerS: 2,
        holdMs: 4000,
      },
      {
        name: 'in',
        direction: 'inbound',
        from: 'carrier-b',
        to: 'desk',
        answers: 'phone',
        emergency: false,
        asksForDigits: false,
        subscriber: 'caller',
        digits: null,
        dialled: '+12025550100',
        callerNumber: '+12025550142',
        proxy: { address: '198.18.3.1', port: 5060 },
        startMs: otherStartMs,
        ratePerS: 0.5,
        holdMs: 5000,
      },
    ]);
    const inbound = compile(edited(scenarioText, 'from: carrier-b', 'from: carrier-number'))[0]?.flows[1];
    assert.equal(inbound?.from, 'carrier-a');
  });

  it('places the calls of a flow at its rate, up to the end of traffic', () => {
    const out = plan.calls.filter(({ flow }) => flow === 'out');
    assert.equal(out.length, 79);
    const [first] = out;
    // SIPp waits one interval before its first call; the flow itself starts within 400 ms.
    assert.ok(first && first.atMs >= 500 && first.atMs < 900);
    assert.equal(first.sipCallId, `out-1@${plan.seed.toString(16)}.deadair`);
    for (const [index, call] of out.entries()) assert.ok(Math.abs(call.atMs - first.atMs - index * 500) <= 1);
    assert.deepEqual(
      out.slice(0, 3).map(({ callerMediaPort }) => callerMediaPort),
      [20_000, 20_002, 20_004],
    );
  });

  it('refuses more calls than a caller has media ports', () => {
    assert.throws(() => compile(edited(scenarioText, 'rate: 2/s', 'rate: 1000/s')), {
      code: 'CALLS_TOO_MANY',
      exitCode: 64,
    });
  });

  it('writes repeats out by time, and gives impairments whole', () => {
    const text = edited(
      scenarioText,
      'for: 10s }',
      'for: 2s, repeat: {times: 3, every: 5s} }\n  - { at: 10s, impair: sbc--lan, from: sbc, loss: 5% }\n  - { at: 1s, cut: sbc--edge-b, mode: one-way, from: sbc, for: 1s }',
    );
    assert.deepEqual(compile(text)[0]?.faults, [
      {
        id: 'fault-1',
        kind: 'cut',
        mode: 'one-way',
        from: 'sbc',
        entry: 2,
        target: 'sbc--edge-b',
        atMs: 1000,
        untilMs: 2000,
        place: { line: 13, column: 5 },
      },
      {
        id: 'fault-2',
        kind: 'cut',
        mode: 'blackhole',
        entry: 0,
        target: 'sbc--carrier-a',
        atMs: 8000,
        untilMs: 10_000,
        place: { line: 11, column: 5 },
      },
      {
        id: 'fault-3',
        kind: 'impair',
        from: 'sbc',
        only: null,
        impairment: impaired({ loss: { kind: 'random', share: 0.05, correlation: 0 } }),
        entry: 1,
        target: 'sbc--lan',
        atMs: 10_000,
        untilMs: null,
        place: { line: 12, column: 5 },
      },
      {
        id: 'fault-4',
        kind: 'cut',
        mode: 'blackhole',
        entry: 0,
        target: 'sbc--carrier-a',
        atMs: 13_000,
        untilMs: 15_000,
        place: { line: 11, column: 5 },
      },
      {
        id: 'fault-5',
        kind: 'cut',
        mode: 'blackhole',
        entry: 0,
        target: 'sbc--carrier-a',
        atMs: 18_000,
        untilMs: 20_000,
        place: { line: 11, column: 5 },
      },
    ]);
  });

  it('places calls until well after the last fault if no duration is given', () => {
    assert.equal(compile(edited(scenarioText, 'duration: 40s\n', ''))[0]?.trafficMs, 38_000);
  });

  it('makes an expectation of each statistic', () => {
    const expect = `expect:
  - time-to-answer: { p50: <= 3s, max: < 9s, flow: out }
  - dead-air: { calls: <= 1, in: fault }
  - heard-share: { share: '>= 98%' }
  - answered-share: { share: '>= 99.5%', in: converged }
  - trunk-share: { trunk: backup, share: '> 50%' }
  - failback: { excess-transitions: 0, premature-calls: <= 2, within: 30s }
  - detection-time: { within: 10s }
`;
    const text = scenarioText.replace(/expect:[^]*(?=defects:)/, () => expect);
    const all = { phase: null, flow: null };
    const atMost = (value: number) => ({ operator: '<=', value });
    assert.deepEqual(compile(text)[0]?.expectations, [
      {
        id: 'e1-time-to-answer-p50',
        kind: 'time-to-answer',
        statistic: 'p50',
        bound: atMost(3000),
        phase: null,
        flow: 'out',
      },
      {
        id: 'e1-time-to-answer-max',
        kind: 'time-to-answer',
        statistic: 'max',
        bound: { operator: '<', value: 9000 },
        phase: null,
        flow: 'out',
      },
      { id: 'e2-dead-air', kind: 'dead-air', bound: atMost(1), phase: 'fault', flow: null },
      { id: 'e3-heard-share', kind: 'heard-share', bound: { operator: '>=', value: 0.98 }, ...all },
      {
        id: 'e4-answered-share',
        kind: 'answered-share',
        bound: { operator: '>=', value: 0.995 },
        phase: 'converged',
        flow: null,
      },
      {
        id: 'e5-trunk-share-backup',
        kind: 'trunk-share',
        trunk: 'backup',
        bound: { operator: '>', value: 0.5 },
        ...all,
      },
      {
        id: 'e6-failback-excess-transitions',
        kind: 'failback',
        statistic: 'excess-transitions',
        bound: atMost(0),
        ...all,
      },
      {
        id: 'e6-failback-premature-calls',
        kind: 'failback',
        statistic: 'premature-calls',
        bound: atMost(2),
        ...all,
      },
      {
        id: 'e6-failback-settle-time',
        kind: 'failback',
        statistic: 'settle-time',
        bound: atMost(30_000),
        ...all,
      },
      { id: 'e7-detection-time', kind: 'detection-time', bound: atMost(10_000), ...all },
    ]);
  });
});
