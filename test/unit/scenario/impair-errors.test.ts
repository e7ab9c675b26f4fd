import assert from 'node:assert/strict';
import { compilePlans } from '../../../src/plan/compile.js';
import { edited, errorsOf, loadText, scenarioText } from '../../fixtures/inputs.js';

const fault = '{ at: 8s, cut: sbc--carrier-a, for: 10s }';
const textWith = (...entries: string[]) =>
  edited(scenarioText, fault, entries.map((entry) => `{ at: 8s, for: 10s, ${entry} }`).join('\n  - '));
const impairing = (fields: string) => textWith(`impair: sbc--carrier-a, ${fields}`);
const options = { seed: 7, defects: 'none', runtime: 'netns', emulator: 'wire', repeat: 1 } as const;
const actions = (text: string) => compilePlans(loadText(text), options)[0]?.faults ?? [];

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
      'loss: { four-state: { p13: 60%, p31: 5%, p32: 0%, p23: 0%, p14: 50% } }',
      'cut.yaml:11:69 LOSS_INVALID p13 and p14 are more than 100 % together.',
    ],
    [
      'loss: { four-state: { p13: 1%, p31: 60%, p32: 50%, p23: 0%, p14: 0% } }',
      'cut.yaml:11:69 LOSS_INVALID p31 and p32 are more than 100 % together.',
    ],
    [
      'loss: { four-state: { p13: 1%, p31: 0%, p32: 50%, p23: 0%, p14: 0% } }',
      'cut.yaml:11:69 LOSS_INVALID with "p31: 0%" no burst ever ends.',
    ],
    [
      'loss: { random: 2%, correlation: 140% }',
      'cut.yaml:11:82 UNIT_INVALID expected a share such as 5% (0% to 100%), not "140%".',
    ],
    ['loss: -1%', 'cut.yaml:11:55 VALUE_INVALID'],
    ['duplicate: 140%', 'cut.yaml:11:60 VALUE_INVALID'],
    ['corrupt: { share: 140% }', 'cut.yaml:11:67 UNIT_INVALID expected a share'],
    ['delay: 10ms, reorder: { share: 140% }', 'cut.yaml:11:80 UNIT_INVALID expected a share'],
    ['delay: 10ms, jitter: -5ms', 'cut.yaml:11:70 UNIT_INVALID'],
    ['delay: 10ms, jitter: 5ms, distribution: { table: [1] }', 'cut.yaml:11:98 VALUE_INVALID'],
    ['rate: -1Mbit', 'cut.yaml:11:55 UNIT_INVALID'],
    ['slots: { every: 0ms }', 'cut.yaml:11:56 SLOTS_INVALID slots of 0ms are none.'],
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
});
