import assert from 'node:assert/strict';
import { eventLanes } from '../../../src/report/page/events.js';
import { timelineOf } from '../../../src/report/page/timeline.js';
import { call, carrierCut, HOSTILE, scenario } from '../../fixtures/results.js';

const cycle = {
  fault: 'fault-1',
  node: 'pbx',
  cutAt: 10_000,
  onAt: 20_000,
  readyAt: 24_000,
  registrations: null,
  trunkAt: null,
  answeredAt: null,
  heardAt: 27_000,
  parts: { outageMs: 10_000, bootMs: 4000, registrationsMs: null, trunkMs: null, firstCallMs: 3000 },
  backMs: 17_000,
  evidence: [],
};
const phone = (node: string, statuses: (number | null)[]) => ({
  node,
  extension: '1001',
  attempts: statuses.map((status, index) => ({
    atMs: index * 1000,
    status,
    endedAt: null,
    expiresS: status === 200 ? 60 : null,
  })),
  evidence: [],
});
const lanesOf = (powerCycles: (typeof cycle)[], registrations: ReturnType<typeof phone>[]) =>
  eventLanes({ powerCycles, registrations }, (ms) => ms / 100, { top: 40, endMs: 40_000, labelWidth: 80 });

describe('power and registrations on the timeline', () => {
  it('shows a power cycle as dark, booting, and until it was back', () => {
    const { lanes, height } = lanesOf([cycle], []);
    assert.equal(height, 13);
    assert.deepEqual(
      lanes[0]!.strips.map(({ x, width, kind }) => [kind, x, width]),
      [
        ['off', 100, 100],
        ['boot', 200, 40],
        ['idle', 240, 30],
      ],
    );
    assert.match(
      lanes[0]!.strips[0]!.tip,
      /pbx: dark at 10\.0 s, on at 20\.0 s, ready at 24\.0 s, first call heard at 27\.0 s/,
    );
  });

  it('shows what never came as lasting to the end, and nothing after it', () => {
    const { lanes } = lanesOf(
      [{ ...cycle, onAt: null as never, readyAt: null as never, heardAt: null as never }],
      [],
    );
    assert.deepEqual(
      lanes[0]!.strips.map(({ kind, x, width }) => [kind, x, width]),
      [['off', 100, 300]],
    );
  });

  it('has a lane a phone, and one for all where there are many', () => {
    const few = lanesOf([cycle], [phone('desk-1', [200, 403, null]), phone(HOSTILE, [200])]).lanes;
    assert.deepEqual(
      few.map(({ marks }) => marks.map(({ kind }) => kind)),
      [[], ['registered', 'refused', 'unanswered'], ['registered']],
    );
    assert.ok(few.every(({ label }) => label.length <= 13));
    const many = lanesOf(
      [],
      Array.from({ length: 20 }, (_, n) => phone(`desk-${n}`, [200])),
    ).lanes;
    assert.deepEqual([many.length, many[0]!.marks.length], [1, 20]);
  });
});

describe('calls and faults on the timeline', () => {
  it('tells where a call went on to the next trunk, and why', () => {
    const attempt = (trunk: string, atMs: number, status: number | null) => ({
      trunk,
      atMs,
      status,
      evidence: { file: 'x' },
    });
    const moved = {
      ...call({ n: 1, inviteAt: 0, trunk: 'b', ringAfterMs: 9000 }),
      attempts: [attempt('a', 0, null), attempt('c', 6000, 503), attempt('b', 6100, 200)],
    };
    const [bar] = timelineOf(scenario({ calls: [moved] }), 'x').calls;
    assert.deepEqual(
      bar!.tries.map(({ text }) => text),
      ['no answer', ''],
    );
    assert.match(bar!.tip, /tries: a no answer, c 503, b 200/);
  });

  it('says what a fault was asked for and what its proof found', () => {
    const [band] = timelineOf(carrierCut(), 'x').faults;
    assert.match(
      band!.tip,
      /asked for: nothing passes, either way\n0 of 40 probes passed, control 40 of 40\nfrom sbc: missing 100 %/,
    );
  });
});
