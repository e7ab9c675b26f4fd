import assert from 'node:assert/strict';
import type { Impairment } from '../../../src/plan/impairment.js';
import type { Trace } from '../../../src/plan/traces/types.js';
import { type DirectionState, clearDirection } from '../../../src/emulator/contract.js';
import { delayed, direction, impaired, lossy, ruled } from '../../fixtures/impairments.js';
import { frameOf, sipPayload } from '../../fixtures/frames.js';
import { ARP, type Step, arrivals, carry, delaysMs, evenly } from '../../fixtures/wire-carrier.js';

const rounded = (values: number[]) => values.map((value) => Math.round(value * 1000) / 1000);

/** 1000 bytes take 8 ms. */
const rate = (bitsPerS = 1_000_000, limitMs: number | null = null): Partial<Impairment> => ({
  rate: { bitsPerS, burstBytes: 0, limitPackets: null, limitMs },
});

const replay = (
  trace: Pick<Trace, 'end'> & Record<string, unknown>,
  otherwise: Partial<Impairment> = {},
) => ({
  ...direction(otherwise),
  profile: { name: 'trace', source: 'made up', ...trace } as Trace,
});

const sip = (line: string): Step => ({
  gapMs: 10,
  frame: Buffer.concat([frameOf({ payload: sipPayload(line) }).subarray(0)]),
});

/** In the numbers' four bytes, which the carrier overwrites, nothing is read. */
const sipSteps = (state: DirectionState, ...lines: string[]): Step[] =>
  lines.map((line, index) => ({ ...sip(line), state: index === 0 ? state : null }));

describe('a direction', () => {
  it('delays by a constant, queues before a rate, and both add up', () => {
    assert.deepEqual(
      new Set(rounded(delaysMs(carry(1, evenly(20, 3, direction(delayed(25)))).deliveries))),
      new Set([25]),
    );
    const both = carry(1, evenly(4, 0, direction({ ...rate(), ...delayed(25) }), { bytes: 1000 }));
    assert.deepEqual(rounded(delaysMs(both.deliveries)), [33, 41, 49, 57]);
  });

  it('drops at the end of a queue that is full, and counts that apart', () => {
    const { deliveries, counters } = carry(1, evenly(10, 0, direction(rate(1_000_000, 16)), { bytes: 1000 }));
    assert.deepEqual(arrivals(deliveries), [0, 1, 2]);
    assert.equal(counters.droppedByRate, 7);
  });

  it('lets what waits go faster or slower when the rate changes, and at once when there is none any more', () => {
    const change = (next: Partial<Impairment>) =>
      rounded(
        carry(1, [
          ...evenly(3, 0, direction({ ...rate(), ...delayed(5) }), { bytes: 1000 }),
          { gapMs: 4, bytes: 60, state: direction({ ...next, ...delayed(5) }) },
        ]).deliveries.map(({ atMs }) => atMs),
      );
    assert.deepEqual(change(rate(2_000_000)), [11, 15, 19, 19.24]);
    assert.deepEqual(change(rate(500_000)), [17, 33, 49, 49.96]);
    assert.deepEqual(change({}), [9, 9, 9, 9]);
  });

  it('drops packets longer than the MTU', () => {
    const { deliveries, counters } = carry(1, [
      { gapMs: 1, bytes: 514, state: direction({ mtuBytes: 500 }) },
      { gapMs: 1, bytes: 515 },
    ]);
    assert.deepEqual([arrivals(deliveries), counters.droppedByMtu], [[0], 1]);
  });

  it('duplicates, with the copy as the packet was', () => {
    const state = direction({
      ...delayed(5),
      duplicate: { share: 1, correlation: 0 },
      corrupt: { share: 1, correlation: 0 },
    });
    const { deliveries, counters } = carry(1, evenly(50, 10, state));
    assert.deepEqual([counters.duplicated, counters.corrupted, counters.delivered], [50, 50, 100]);
    const clean = deliveries.filter(({ bytes, frame }) => {
      const original = Buffer.alloc(60);
      original.writeUInt16BE(0x0800, 12);
      original.writeUInt32BE(frame, 56);
      return bytes.equals(original);
    });
    // One that got its flip into its own number can't be told from another's copy.
    assert.ok(clean.length >= 45 && clean.length <= 55, `${clean.length}`);
  });

  it('leaves one of a packet that is both lost and duplicated, as netem does', () => {
    const state = direction({ ...lossy(1), duplicate: { share: 1, correlation: 0 } });
    const { deliveries, counters } = carry(1, evenly(10, 1, state));
    assert.equal(deliveries.length, 10);
    assert.deepEqual([counters.duplicated, counters.dropped], [0, 0]);
  });

  it('sends reordered packets past those that wait', () => {
    const state = direction({ ...delayed(25), reorder: { share: 1, correlation: 0, gap: 5 } });
    const { deliveries, counters } = carry(1, evenly(10, 1, state));
    assert.deepEqual(arrivals(deliveries), [4, 9, 0, 1, 2, 3, 5, 6, 7, 8]);
    assert.equal(counters.reordered, 2);
  });

  it('keeps a queue when it is told the same again', () => {
    const state = direction({ loss: { kind: 'pattern', lose: [true, false, false] } });
    const traffic = evenly(9, 1, state).map((step, index) => ({
      ...step,
      state: index % 2 === 0 ? structuredClone(state) : null,
    }));
    assert.deepEqual(arrivals(carry(1, traffic).deliveries), [1, 2, 4, 5, 7, 8]);
  });
});

describe('rules of a direction', () => {
  it('are for what they match, and the first decides', () => {
    const state: DirectionState = {
      ...direction(delayed(20)),
      rules: [
        { match: { sip: { method: 'INVITE', first: 2 } }, impairment: impaired(lossy(1)) },
        { match: { sip: { status: 180 } }, impairment: impaired(delayed(500)) },
        { match: { sip: {} }, impairment: impaired(delayed(7)) },
      ],
    };
    const lines = ['INVITE', 'OPTIONS', 'INVITE', '180 Ringing', 'INVITE', '200 OK'];
    const { deliveries, matched } = carry(1, [...sipSteps(state, ...lines), { gapMs: 10 }]);
    const delays = new Map(deliveries.map(({ frame, atMs, sentMs }) => [frame, Math.round(atMs - sentMs)]));
    assert.deepEqual(
      [...delays].sort((x, y) => x[0] - y[0]),
      [
        [1, 7],
        [3, 500],
        [4, 7],
        [5, 7],
        [6, 20],
      ],
    );
    assert.deepEqual(matched, [2, 1, 3]);
  });

  it('go on counting when another rule comes or goes, and begin anew after they were gone', () => {
    const first = { match: { sip: { method: 'INVITE', first: 1 } }, impairment: impaired(lossy(1)) };
    const other = { match: { protocol: 'icmp' as const }, impairment: impaired(lossy(1)) };
    const states = [[first], [other, structuredClone(first)], [], [first]].map((rules) => ({
      ...clearDirection,
      rules,
    }));
    const traffic = states.flatMap((state) => sipSteps(state, 'INVITE', 'INVITE'));
    assert.deepEqual(arrivals(carry(1, traffic).deliveries), [1, 2, 3, 4, 5, 7]);
  });

  it('delay some packets without holding up the others', () => {
    const { deliveries } = carry(
      1,
      sipSteps(ruled({ sip: { status: 180 } }, delayed(500)), '180 Ringing', '200 OK'),
    );
    assert.deepEqual(arrivals(deliveries), [1, 0]);
  });

  it('draw numbers of their own', () => {
    const match = { sip: { status: '2xx' } };
    const lines = Array.from({ length: 100 }, (_, index) => (index % 2 ? 'OPTIONS' : '200 OK'));
    const withOthers = carry(
      1,
      sipSteps({ ...ruled(match, lossy(0.5)), otherwise: impaired(lossy(0.5)) }, ...lines),
    );
    const alone = carry(1, sipSteps(ruled(match, lossy(0.5)), ...lines));
    const even = (frames: number[]) => frames.filter((frame) => frame % 2 === 0);
    assert.deepEqual(even(arrivals(withOthers.deliveries)), even(arrivals(alone.deliveries)));
    assert.ok(arrivals(withOthers.deliveries).length < arrivals(alone.deliveries).length);
  });
});

describe('profiles of a direction', () => {
  const step = (atMs: number, change: Partial<Impairment>) => ({ atMs, impairment: impaired(change) });
  const steps = [step(0, delayed(1)), step(100, delayed(2))];

  it('change with time, and hold, loop or stop', () => {
    const delays = (end: Trace['end']) => {
      const state = replay({ kind: 'time', steps, lengthMs: 200, end }, delayed(9));
      return rounded(delaysMs(carry(1, evenly(9, 50, state)).deliveries));
    };
    // Set with the first packet, which is sent at 0; then every 50 ms.
    assert.deepEqual(delays('hold'), [1, 1, 2, 2, 2, 2, 2, 2, 2]);
    assert.deepEqual(delays('loop'), [1, 1, 2, 2, 1, 1, 2, 2, 1]);
    assert.deepEqual(delays('stop'), [1, 1, 2, 2, 9, 9, 9, 9, 9]);
  });

  it('go on when something else changes', () => {
    const profiled = replay({ kind: 'time', steps, lengthMs: 200, end: 'hold' });
    const cut = { ...structuredClone(profiled), cut: 'blackhole' as const };
    const traffic: Step[] = [
      { gapMs: 0, state: profiled },
      { gapMs: 50, state: cut },
      { gapMs: 60, state: structuredClone(profiled) },
    ];
    assert.deepEqual(rounded(delaysMs(carry(1, traffic).deliveries)), [1, 2]);
  });

  it('let a queue run slower and faster, between packets too', () => {
    const state = replay({
      kind: 'time',
      steps: [step(0, rate(1_000_000)), step(10, rate(100_000)), step(90, rate(1_000_000))],
      lengthMs: 1000,
      end: 'hold',
    });
    // 3 × 8 ms of work: one is sent at 8, 2 ms of the next at 10; 8 ms' worth goes in the slow 80, the last 6 after.
    const { deliveries } = carry(1, evenly(3, 0, state, { bytes: 1000 }));
    assert.deepEqual(rounded(deliveries.map(({ atMs }) => atMs)), [8, 70, 96]);
  });

  it('are replayed packet by packet, and leave the rest in force', () => {
    const delays = (end: Trace['end']) => {
      const state = replay(
        { kind: 'packet', delaysMs: [3, null, 5], end },
        { ...delayed(9), mtuBytes: 1000 },
      );
      const traffic = [...evenly(8, 50, state), { gapMs: 50, bytes: 1200 }];
      const { deliveries, counters } = carry(1, traffic);
      assert.equal(counters.droppedByMtu, 1);
      const found = new Map(deliveries.map(({ frame, atMs, sentMs }) => [frame, Math.round(atMs - sentMs)]));
      return Array.from({ length: 8 }, (_, frame) => found.get(frame) ?? null);
    };
    assert.deepEqual(delays('hold'), [3, null, 5, 5, 5, 5, 5, 5]);
    assert.deepEqual(delays('loop'), [3, null, 5, 3, null, 5, 3, null]);
    assert.deepEqual(delays('stop'), [3, null, 5, 9, 9, 9, 9, 9]);
  });

  it('are consumed by IPv4 only', () => {
    const state = replay({ kind: 'packet', delaysMs: [3, 4, 5], end: 'stop' });
    const traffic = evenly(5, 50, state).map((step, index) => ({
      ...step,
      etherType: index % 2 ? ARP : 0x0800,
    }));
    assert.deepEqual(rounded(delaysMs(carry(1, traffic).deliveries)), [3, 0, 4, 0, 5]);
  });
});
