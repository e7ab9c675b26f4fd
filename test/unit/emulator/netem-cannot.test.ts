import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { type DirectionState, clearDirection } from '../../../src/emulator/contract.js';
import { approximationsByNetem, unsupportedByNetem } from '../../../src/emulator/netem.js';
import type { Delay, Rate } from '../../../src/plan/impairment.js';
import type { Trace } from '../../../src/plan/traces/types.js';
import { delayed, direction, impaired, lossy, ruled } from '../../fixtures/impairments.js';

const chance = { share: 0.1, correlation: 0 };
const jitter = (distribution: Delay['distribution'], correlation = 0): DirectionState =>
  direction({ delay: { ms: 20, jitterMs: 5, distribution, correlation } });
const rate = (change: Partial<Rate>): DirectionState =>
  direction({ rate: { bitsPerS: 1e6, burstBytes: 0, limitPackets: null, limitMs: null, ...change } });
const profile = (trace: Trace): DirectionState => ({ ...clearDirection, profile: trace });
const steps = (apartMs: number): Trace => ({
  kind: 'time',
  name: 'steps',
  source: 'this test',
  end: 'loop',
  steps: [0, apartMs].map((atMs) => ({ atMs, impairment: impaired(delayed(atMs)) })),
  lengthMs: 2 * apartMs,
});

/** A state for each line of the table in docs/emulators.md. */
const states: Record<string, DirectionState> = {
  delay: direction(delayed(20)),
  'jitter: uniform, normal, Pareto, Pareto-normal': jitter('pareto'),
  'jitter by a table': jitter({ name: 'mine', table: [-1, 0, 1] }),
  'jitter with correlation': jitter('normal', 0.5),
  'random loss, with correlation': direction(lossy(0.1, 0.3)),
  'Gilbert–Elliott loss': direction({ loss: { kind: 'gilbert-elliott', p: 0.1, r: 0.2, h: 0, k: 1 } }),
  '4-state loss': direction({
    loss: { kind: 'four-state', p13: 0.1, p31: 0.2, p32: 0, p23: 0, p14: 0 },
  }),
  'loss by a pattern': direction({ loss: { kind: 'pattern', lose: [true, false] } }),
  duplicates: direction({ duplicate: chance }),
  corruption: direction({ corrupt: chance }),
  'reordering, with a gap': direction({ ...delayed(20), reorder: { ...chance, gap: 5 } }),
  rate: rate({}),
  'rate with a queue in packets': rate({ limitPackets: 50 }),
  'rate with a queue in ms': rate({ limitMs: 200 }),
  'rate with a queue in packets and in ms': rate({ limitPackets: 50, limitMs: 200 }),
  'rate with a burst': rate({ burstBytes: 10_000 }),
  'rate with a burst of less than a frame': rate({ burstBytes: 500 }),
  slots: direction({ slot: { minMs: 10, maxMs: 20, packets: null } }),
  MTU: direction({ mtuBytes: 1400 }),
  'only some packets: protocol, address, port, DSCP': ruled(
    { protocol: 'udp', source: '198.18.0.0/24', destinationPort: [1, 9], dscp: 46 },
    lossy(0.1),
  ),
  'only some packets: by their SIP': ruled({ sip: { method: 'INVITE' } }, lossy(1)),
  'only some packets: by their RTP': ruled({ rtp: {} }, lossy(1)),
  'cut: black hole, one way or both': { ...clearDirection, cut: 'blackhole' },
  'cut: reject': { ...clearDirection, cut: 'reject' },
  'cut: carrier down': { ...clearDirection, cut: 'carrier-down' },
  'profile over time': profile(steps(500)),
  'profile over time, steps less than 50 ms apart': profile(steps(20)),
  'trace packet by packet': profile({
    kind: 'packet',
    name: 'trace',
    source: 'this test',
    end: 'hold',
    delaysMs: [20, null],
  }),
};

interface Row {
  what: string;
  netem: string;
}

function documented(): Row[] {
  const page = readFileSync(join(packageFolder(), 'docs', 'emulators.md'), 'utf8');
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|'));
  return cells.slice(2).map(([, what = '', , netem = '']) => ({ what: what.trim(), netem: netem.trim() }));
}

const wordFor = (state: DirectionState) =>
  unsupportedByNetem(state).length > 0 ? 'no' : approximationsByNetem(state).length > 0 ? 'nearly' : 'exact';

describe('what netem can do', () => {
  const rows = documented();

  it('is written down for each kind of impairment', () => {
    assert.deepEqual(
      rows.map(({ what }) => what),
      Object.keys(states),
    );
  });

  for (const { what, netem } of rows)
    it(`is "${netem}" for ${what}, as the documentation says`, () => {
      assert.equal(wordFor(states[what]!), netem);
    });

  it('is found in rules and in the steps of a profile too', () => {
    const pattern = impaired({ loss: { kind: 'pattern', lose: [true] } });
    const inRule = { ...clearDirection, rules: [{ match: {}, impairment: pattern }] };
    const inStep = profile({
      kind: 'time',
      name: 'steps',
      source: 'this test',
      end: 'hold',
      steps: [{ atMs: 0, impairment: pattern }],
      lengthMs: 1000,
    });
    for (const state of [inRule, inStep]) assert.equal(unsupportedByNetem(state).length, 1);
  });
});
