import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { Impairment, Match } from '../../../src/plan/impairment.js';
import type { PlannedFault } from '../../../src/plan/types.js';
import { edited, errorsOf, loadText, loadWith, scenarioText } from '../../fixtures/inputs.js';

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

describe('impairments that can not be', () => {
  const share = 'a share such as 2% (0% to 100%)';
  const cases: [fields: string, error: string][] = [
    [
      'loss: 140%',
      `cut.yaml:11:55 VALUE_INVALID expected ${share}, or one of {random}, {gilbert-elliott}, {four-state}, {burst: {rate: 2%, length: 4}}, {pattern}, not "140%".`,
    ],
    ['delay: -40ms', 'cut.yaml:11:56 UNIT_INVALID expected a duration such as 20s or 150ms, not "-40ms".'],
    ['delay: 40', 'cut.yaml:11:56 UNIT_INVALID expected a duration such as 20s or 150ms, not 40.'],
    [
      'delay: 10ms, jitter: 20ms',
      'cut.yaml:11:70 JITTER_EXCEEDS_DELAY a jitter of 20ms is more than the delay of 10ms',
    ],
    [
      'delay: 10ms, distribution: normal',
      'cut.yaml:11:76 JITTER_MISSING a distribution needs a jitter to be of.',
    ],
    ['delay: 10ms, correlation: 5%', 'cut.yaml:11:75 JITTER_MISSING'],
    [
      'delay: 10ms, jitter: 5ms, distribution: normale',
      'cut.yaml:11:89 VALUE_INVALID expected one of uniform, normal, pareto, paretonormal, or {table: [-1, 0, 1]}, not "normale". Did you mean "normal"?',
    ],
    [
      'delay: 10ms, jitter: 5ms, distribution: { table: [1, -1] }',
      'cut.yaml:11:98 DISTRIBUTION_INVALID the table of a distribution ascends',
    ],
    ['rate: 0kbit', 'cut.yaml:11:55 RATE_ZERO at a rate of 0 nothing passes. Use "cut" for that.'],
    [
      'rate: 512k',
      'cut.yaml:11:55 UNIT_INVALID expected a bit rate such as 512kbit or 2Mbit (bits a second, with its unit), not "512k".',
    ],
    ['rate: 1MB', 'cut.yaml:11:55 UNIT_INVALID'],
    ['rate: 512', 'cut.yaml:11:55 UNIT_INVALID'],
    [
      'rate: 1Mbit, burst: 15k',
      'cut.yaml:11:69 UNIT_INVALID expected a size such as 1500B or 15kB (bytes, with its unit), not "15k".',
    ],
    ['burst: 15kB', 'cut.yaml:11:56 RATE_MISSING a burst needs a rate. Add "rate: 512kbit".'],
    ['queue: { ms: 100 }', 'cut.yaml:11:56 RATE_MISSING'],
    ['rate: 1Mbit, queue: {}', 'cut.yaml:11:69 QUEUE_EMPTY'],
    [
      'rate: 1Mbit, queue: { packets: 0 }',
      'cut.yaml:11:80 VALUE_INVALID expected a whole number from 1 to 1000000, not 0.',
    ],
    ['reorder: { share: 25% }', 'cut.yaml:11:58 REORDER_NEEDS_DELAY'],
    [
      'loss: { gilbert-elliot: { p: 1% } }',
      'cut.yaml:11:57 KEY_UNKNOWN unknown key "gilbert-elliot". Did you mean "gilbert-elliott"?',
    ],
    [
      'loss: { gilbert-elliott: { p: 1%, r: 0% } }',
      'cut.yaml:11:74 LOSS_INVALID with "r: 0%" the line goes bad once',
    ],
    [
      'loss: { burst: { rate: 90%, length: 2 } }',
      "cut.yaml:11:64 LOSS_INVALID bursts of 2 packets can't lose more than 66.7 % in all",
    ],
    [
      'loss: { burst: { rate: 2%, length: 0.5 } }',
      'cut.yaml:11:84 VALUE_INVALID expected a mean burst length of at least 1 packet, not 0.5.',
    ],
    [
      'loss: { pattern: "..y" }',
      'cut.yaml:11:66 VALUE_INVALID expected a pattern of . (passes) and x (lost) such as "..x.", not "..y".',
    ],
    ['loss: { pattern: "..." }', 'cut.yaml:11:66 LOSS_INVALID this pattern loses nothing.'],
    ['slots: { min: 10ms }', 'cut.yaml:11:56 SLOTS_INVALID'],
    [
      'slots: { min: 30ms, max: 10ms }',
      'cut.yaml:11:56 SLOTS_INVALID the shortest slot is longer than the longest.',
    ],
    ['mtu: 20', 'cut.yaml:11:54 VALUE_INVALID expected a packet size from 68 to 65535, not 20.'],
    ['profile: slow', 'cut.yaml:11:58 PROFILE_UNKNOWN there is no profile "slow".'],
    ['trace: nothing.jsonl', 'cut.yaml:11:56 TRACE_UNREADABLE cannot read the trace "nothing.jsonl"'],
    [
      'trace: x.jsonl, loss: 5%',
      'cut.yaml:11:65 IMPAIRMENT_MIXED a trace says all of what happens to a direction',
    ],
    ['loss: 5%, subscriber: sbc', 'cut.yaml:11:71 PROFILE_MISSING'],
    ['loss: 5%, only: {}', 'cut.yaml:11:65 MATCH_EMPTY'],
    [
      'loss: 5%, only: { sip: { method: INVTE } }',
      'cut.yaml:11:82 VALUE_INVALID expected one of INVITE, ACK, BYE,',
    ],
    [
      'loss: 5%, only: { sip: { status: 99 } }',
      'cut.yaml:11:82 VALUE_INVALID expected a status such as 180, or a class such as 2xx, not 99.',
    ],
    [
      'loss: 5%, only: { sip: {}, rtp: {} }',
      'cut.yaml:11:81 MATCH_IMPOSSIBLE no packet is both SIP and RTP.',
    ],
    [
      'loss: 5%, only: { protocol: tcp, sip: {} }',
      'cut.yaml:11:87 MATCH_IMPOSSIBLE SIP is looked for over UDP only, not tcp.',
    ],
    ['loss: 5%, only: { protocol: icmp, port: 5 }', 'cut.yaml:11:89 MATCH_IMPOSSIBLE icmp has no ports.'],
    [
      'loss: 5%, only: { port: 70000 }',
      'cut.yaml:11:73 VALUE_INVALID expected a port from 1 to 65535, or a range such as 10000-20000, not 70000.',
    ],
    ['loss: 5%, only: { dscp: 64 }', 'cut.yaml:11:73 VALUE_INVALID expected a DSCP from 0 to 63, not 64.'],
    [
      'loss: 5%, only: { from: dsek }',
      'cut.yaml:11:73 ADDRESS_INVALID expected an IPv4 address, a network such as 198.18.1.0/24 or a node, not "dsek". Did you mean "desk"?',
    ],
    [
      'loss: 5%, only: { sip: { reinvite: true, method: BYE } }',
      'cut.yaml:11:72 MATCH_IMPOSSIBLE reinvite is about INVITE, not BYE.',
    ],
  ];
  for (const [fields, error] of cases)
    it(`refuses ${fields}`, () => {
      const errors = errorsOf(() => loadText(impairing(fields)));
      const [first] = fields.startsWith('trace: x') ? errors.slice(-1) : errors;
      assert.ok(first?.startsWith(error), `${errors.join('\n')}\nshould begin with\n${error}`);
    });

  it('refuses a node with several addresses, and lists them', () => {
    const text = textWith('block: sbc--carrier-a, only: { to: carrier-a }');
    assert.deepEqual(
      errorsOf(() => actions(text)),
      [
        'cut.yaml:11:60 ADDRESS_AMBIGUOUS carrier-a has several addresses. Name one address, or a network: 198.18.2.2, 198.18.2.3.',
      ],
    );
  });

  it('refuses overlaps that leave nothing to one, and takes others', () => {
    const errors = (...entries: string[]) =>
      errorsOf(() => loadText(textWith(...entries))).map((error) => error.split(' ').slice(0, 2).join(' '));
    const udp = 'impair: sbc--lan, loss: 1%, only: { protocol: udp }';
    const sip = 'impair: sbc--lan, delay: 5ms, only: { protocol: udp, port: 5060 }';
    const all = 'impair: sbc--lan, delay: 5ms';
    const contradict = ['cut.yaml:12:5 FAULTS_CONTRADICT'];
    assert.deepEqual(errors(sip, udp, all), []);
    assert.deepEqual(errors(all, sip), []);
    assert.deepEqual(errors(udp, sip), contradict);
    assert.deepEqual(errors(udp, udp), contradict);
    assert.deepEqual(errors(all, all), contradict);
    const first = 'block: sbc--lan, only: { sip: { method: INVITE, first: 2 } }';
    assert.deepEqual(errors(first, first), []);
    const blocked = 'block: sbc--lan, only: { protocol: udp }';
    assert.deepEqual(errors(sip, blocked), contradict);
  });

  it('refuses for netem what only wire can, before anything starts', () => {
    const text = textWith(
      'impair: sbc--carrier-a, loss: 1%',
      'block: sbc--lan, only: { sip: { method: INVITE } }',
    );
    const compile = (emulator: 'wire' | 'netem') => () =>
      compilePlans(loadText(text), { ...options, emulator });
    assert.doesNotThrow(compile('wire'));
    assert.deepEqual(errorsOf(compile('netem')), [
      "cut.yaml:12:5 NETEM_CANNOT netem can't do choosing packets by what their SIP says (block of sbc--lan). Use --emulator wire.",
    ]);
  });
});
