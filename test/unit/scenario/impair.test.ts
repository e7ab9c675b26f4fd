import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { Impairment, Match } from '../../../src/plan/impairment.js';
import type { PlannedFault } from '../../../src/plan/planned-fault.js';
import { edited, loadText, loadWith, scenarioText } from '../../fixtures/inputs.js';

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const textWith = (...entries: string[]) =>
  edited(scenarioText, fault, entries.map((entry) => `{ at: 8s, for: 10s, ${entry} }`).join('\n  - '));
const impairing = (fields: string) => textWith(`impair: sbc--carrier-a, ${fields}`);
const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
const actions = (text: string): PlannedFault[] => compilePlans(loadText(text), options)[0]?.faults ?? [];

function impairment(fields: string): Impairment {
  const [action] = actions(impairing(fields));
  assert.equal(action?.kind, 'impair');
  return action.impairment;
}
function match(only: string): Match {
  const [action] = actions(textWith(`block: sbc--carrier-a, only: ${only}`));
  assert.equal(action?.kind, 'block');
  return action.only;
}

describe('impairments in scenario files', () => {
  const clear = impairmentOf({});
  const cases: [fields: string, expected: Partial<Impairment>][] = [
    ['delay: 40ms', { delay: { ms: 40, jitterMs: 0, distribution: 'uniform', correlation: 0 } }],
    [
      'delay: 40ms, jitter: 10ms, distribution: normal, correlation: 25%',
      { delay: { ms: 40, jitterMs: 10, distribution: 'normal', correlation: 0.25 } },
    ],
    [
      'delay: 40ms, jitter: 10ms, distribution: { table: [-2, 0, 0.5, 1.5] }',
      {
        delay: {
          ms: 40,
          jitterMs: 10,
          distribution: { name: 'own', table: [-2, 0, 0.5, 1.5] },
          correlation: 0,
        },
      },
    ],
    ['loss: 2%', { loss: { kind: 'random', share: 0.02, correlation: 0 } }],
    ['loss: { random: 2%, correlation: 25% }', { loss: { kind: 'random', share: 0.02, correlation: 0.25 } }],
    [
      'loss: { gilbert-elliott: { p: 1%, r: 20% } }',
      { loss: { kind: 'gilbert-elliott', p: 0.01, r: 0.2, h: 0, k: 1 } },
    ],
    [
      'loss: { four-state: { p13: 1%, p31: 30%, p32: 20%, p23: 40%, p14: 0.5% } }',
      { loss: { kind: 'four-state', p13: 0.01, p31: 0.3, p32: 0.2, p23: 0.4, p14: 0.005 } },
    ],
    [
      'loss: { burst: { rate: 20%, length: 4 } }',
      { loss: { kind: 'gilbert-elliott', p: 0.0625, r: 0.25, h: 0, k: 1 } },
    ],
    ['loss: { pattern: "..x." }', { loss: { kind: 'pattern', lose: [false, false, true, false] } }],
    ['duplicate: 1%', { duplicate: { share: 0.01, correlation: 0 } }],
    ['corrupt: { share: 1%, correlation: 5% }', { corrupt: { share: 0.01, correlation: 0.05 } }],
    [
      'delay: 20ms, reorder: { share: 25%, gap: 5 }',
      {
        delay: { ms: 20, jitterMs: 0, distribution: 'uniform', correlation: 0 },
        reorder: { share: 0.25, correlation: 0, gap: 5 },
      },
    ],
    ['rate: 512kbit', { rate: { bitsPerS: 512_000, burstBytes: 0, limitPackets: null, limitMs: null } }],
    [
      'rate: 1.5Mbit, burst: 15kB, queue: { packets: 50, ms: 200 }',
      { rate: { bitsPerS: 1_500_000, burstBytes: 15_000, limitPackets: 50, limitMs: 200 } },
    ],
    ['slots: { every: 20ms, packets: 4 }', { slot: { minMs: 20, maxMs: 20, packets: 4 } }],
    ['slots: { min: 10ms, max: 30ms }', { slot: { minMs: 10, maxMs: 30, packets: null } }],
    ['mtu: 1400', { mtuBytes: 1400 }],
  ];
  for (const [fields, expected] of cases)
    it(`reads ${fields}`, () => assert.deepEqual(impairment(fields), { ...clear, ...expected }));

  const matches: [only: string, expected: Match][] = [
    ['{ sip: { method: INVITE, first: 3 } }', { sip: { method: 'INVITE', first: 3 } }],
    ['{ sip: { method: INVITE, status: 2xx } }', { sip: { method: 'INVITE', status: '2xx' } }],
    ['{ sip: { status: 180 } }', { sip: { status: 180 } }],
    ['{ sip: { reinvite: true } }', { sip: { reinvite: true } }],
    ['{ rtp: {} }', { rtp: {} }],
    ['{ rtp: { ssrc: 4660, payload-type: 8 } }', { rtp: { ssrc: 4660, payloadType: 8 } }],
    [
      '{ protocol: udp, from: 198.18.2.0/24, to: sbc, from-port: 5060, port: 10000-20000, dscp: 46 }',
      {
        protocol: 'udp',
        source: '198.18.2.0/24',
        destination: '198.18.2.1',
        sourcePort: 5060,
        destinationPort: [10_000, 20_000],
        dscp: 46,
      },
    ],
  ];
  for (const [only, expected] of matches)
    it(`reads only: ${only}`, () => assert.deepEqual(match(only), expected));

  it('replays a trace in both directions, and a profile upstream from the subscriber', () => {
    const trace = '{"deadair-trace":1,"end":"hold","source":"own"}\n{"delayMs":5}\n';
    const profile = `name: slow
title: Slow
story: Slow.
source: own
figures: [{ figure: all, origin: own }]
end: hold
length: 2s
down: [{ at: 0s, delay: 10ms }]
up: [{ at: 0s, delay: 90ms }]
`;
    const load = (entry: string) =>
      compilePlans(
        loadWith({
          'scenarios/cut.yaml': textWith(entry),
          'scenarios/line.jsonl': trace,
          'lab/profiles/slow.yaml': profile,
        }),
        options,
      )[0]?.faults[0];
    const replayed = load('impair: sbc--carrier-a, trace: line.jsonl');
    assert.equal(replayed?.kind, 'replay');
    assert.deepEqual(
      replayed.directions.map(({ from, trace: one }) => [from, one.kind]),
      [
        ['sbc', 'packet'],
        ['carrier-a', 'packet'],
      ],
    );
    const delays = (entry: string) => {
      const planned = load(entry);
      assert.equal(planned?.kind, 'replay');
      return planned.directions.map(({ from, trace: one }) => [
        from,
        one.kind === 'time' ? one.steps[0]?.impairment.delay?.ms : null,
      ]);
    };
    assert.deepEqual(delays('impair: sbc--carrier-a, profile: slow'), [
      ['sbc', 90],
      ['carrier-a', 10],
    ]);
    assert.deepEqual(delays('impair: sbc--carrier-a, profile: slow, subscriber: carrier-a, from: sbc'), [
      ['sbc', 10],
    ]);
  });
});
