import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { unsupportedState } from '../../../src/emulator/netem/cannot.js';
import type { Delay, Impairment, Match, Rate } from '../../../src/plan/impairment.js';
import { approximatedByNetem } from '../../../src/plan/netem-approximations.js';
import { unsupportedByNetem } from '../../../src/plan/netem-limits.js';
import type { FaultAction } from '../../../src/plan/planned-fault.js';
import type { Trace } from '../../../src/plan/traces/types.js';
import { delayed, direction, impaired, lossy, ruled } from '../../fixtures/impairments.js';

const chance = { share: 0.1, correlation: 0 };
const impair = (change: Partial<Impairment>, only: Match | null = null): FaultAction => ({
  kind: 'impair',
  from: null,
  only,
  impairment: impaired(change),
});
const jitter = (distribution: Delay['distribution'], correlation = 0): FaultAction =>
  impair({ delay: { ms: 20, jitterMs: 5, distribution, correlation } });
const rate = (change: Partial<Rate>): FaultAction =>
  impair({ rate: { bitsPerS: 1e6, burstBytes: 0, limitPackets: null, limitMs: null, ...change } });
const replay = (trace: Trace): FaultAction => ({
  kind: 'replay',
  name: trace.name,
  directions: [{ from: 'sbc', trace }],
});
const steps = (apartMs: number, second = impaired(delayed(apartMs))): Trace => ({
  kind: 'time',
  name: 'steps',
  source: 'this test',
  end: 'loop',
  steps: [
    { atMs: 0, impairment: impaired({}) },
    { atMs: apartMs, impairment: second },
  ],
  lengthMs: 2 * apartMs,
});
const pattern = impaired({ loss: { kind: 'pattern', lose: [true] } });

/** A fault for each line of the table in docs/emulators.md. */
const faults: Record<string, FaultAction> = {
  delay: impair(delayed(20)),
  'jitter: uniform, normal, Pareto, Pareto-normal': jitter('pareto'),
  'jitter by a table': jitter({ name: 'mine', table: [-1, 0, 1] }),
  'jitter with correlation': jitter('normal', 0.5),
  'random loss, with correlation': impair(lossy(0.1, 0.3)),
  'Gilbert–Elliott loss': impair({ loss: { kind: 'gilbert-elliott', p: 0.1, r: 0.2, h: 0, k: 1 } }),
  '4-state loss': impair({ loss: { kind: 'four-state', p13: 0.1, p31: 0.2, p32: 0, p23: 0, p14: 0 } }),
  'loss by a pattern': impair({ loss: pattern.loss }),
  duplicates: impair({ duplicate: chance }),
  corruption: impair({ corrupt: chance }),
  'reordering, with a gap': impair({ ...delayed(20), reorder: { ...chance, gap: 5 } }),
  rate: rate({}),
  'rate with a queue in packets': rate({ limitPackets: 50 }),
  'rate with a queue in ms': rate({ limitMs: 200 }),
  'rate with a queue in packets and in ms': rate({ limitPackets: 50, limitMs: 200 }),
  'rate with a burst': rate({ burstBytes: 10_000 }),
  'rate with a burst of less than a frame': rate({ burstBytes: 500 }),
  slots: impair({ slot: { minMs: 10, maxMs: 20, packets: null } }),
  MTU: impair({ mtuBytes: 1400 }),
  'only some packets: protocol, address, port, DSCP': impair(lossy(0.1), {
    protocol: 'udp',
    source: '198.18.0.0/24',
    destinationPort: [1, 9],
    dscp: 46,
  }),
  'only some packets: by their SIP': { kind: 'block', from: null, only: { sip: { method: 'INVITE' } } },
  'only some packets: by their RTP': impair(lossy(1), { rtp: {} }),
  'cut: black hole, one way or both': { kind: 'cut', mode: 'blackhole' },
  'cut: reject': { kind: 'cut', mode: 'reject' },
  'cut: carrier down': { kind: 'cut', mode: 'carrier-down' },
  'profile over time': replay(steps(500)),
  'profile over time, steps less than 50 ms apart': replay(steps(20)),
  'trace packet by packet': replay({
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
  const [capabilities = ''] = page.split('\n## ');
  const cells = capabilities
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|'));
  return cells.slice(2).map(([, what = '', , netem = '']) => ({ what: what.trim(), netem: netem.trim() }));
}

const wordFor = (fault: FaultAction) =>
  unsupportedByNetem(fault).length > 0 ? 'no' : approximatedByNetem(fault).length > 0 ? 'nearly' : 'exact';

describe('what netem can do', () => {
  const rows = documented();

  it('is written down for each kind of impairment', () => {
    assert.deepEqual(
      rows.map(({ what }) => what),
      Object.keys(faults),
    );
  });

  for (const { what, netem } of rows)
    it(`is "${netem}" for ${what}, as the documentation says`, () => {
      assert.equal(wordFor(faults[what]!), netem);
    });

  it('is found in the steps of a profile too', () => {
    assert.equal(wordFor(replay(steps(500, pattern))), 'no');
    const short = impaired({ rate: { bitsPerS: 1e6, burstBytes: 9, limitPackets: null, limitMs: null } });
    assert.equal(approximatedByNetem(replay(steps(500, short))).length, 2);
  });

  it('is asked of a state that somebody sets by hand', () => {
    const states = [
      ruled({}, { loss: pattern.loss }),
      ruled({ rtp: {} }, {}),
      direction({ loss: pattern.loss }),
      { ...direction({}), profile: steps(500, pattern) },
    ];
    for (const state of states) assert.equal(unsupportedState(state).length, 1);
    assert.deepEqual(unsupportedState(direction(delayed(20))), []);
  });
});
