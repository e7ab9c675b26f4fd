import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Rate } from '../../../../src/plan/impairment.js';
import type { TimeTrace } from '../../../../src/plan/traces/types.js';
import { flipBit } from '../../../../src/emulator/chain/corrupt.js';
import { RateQueue } from '../../../../src/emulator/chain/rate-queue.js';
import { Slots } from '../../../../src/emulator/chain/slots.js';
import { TraceClock } from '../../../../src/emulator/chain/trace-clock.js';
import { randomStream } from '../../../../src/emulator/random.js';
import { delayed, impaired } from '../../../fixtures/impairments.js';

/** 1000 bytes take 8 ms. */
const rate = (change: Partial<Rate> = {}): Rate => ({
  bitsPerS: 1_000_000,
  burstBytes: 0,
  limitPackets: null,
  limitMs: null,
  ...change,
});

describe('the queue in front of a rate', () => {
  it('sends one packet after the other', () => {
    const queue = new RateQueue();
    assert.deepEqual(
      [0, 0, 1, 100].map((nowMs) => queue.enter(rate(), 1000, nowMs)),
      [8, 16, 24, 108],
    );
  });

  it('lets a burst through at once, and again when the bucket has filled', () => {
    const queue = new RateQueue();
    const burst = rate({ burstBytes: 2000 });
    assert.deepEqual(
      [0, 0, 0, 0, 8].map((nowMs) => queue.enter(burst, 1000, nowMs)),
      [0, 0, 8, 16, 24],
    );
    assert.deepEqual(
      [40, 40, 40].map((nowMs) => queue.enter(burst, 1000, nowMs)),
      [40, 40, 48],
    );
  });

  it('drops what finds it full by packets, counting the one being sent', () => {
    const queue = new RateQueue();
    const short = rate({ limitPackets: 2 });
    const entered = [0, 0, 0, 7.9, 8, 8].map((nowMs) => queue.enter(short, 1000, nowMs));
    assert.deepEqual(entered, [8, 16, NaN, NaN, 24, NaN]);
  });

  it('drops what would wait too long', () => {
    const queue = new RateQueue();
    const entered = [0, 0, 0, 0, 8].map((nowMs) => queue.enter(rate({ limitMs: 16 }), 1000, nowMs));
    assert.deepEqual(entered, [8, 16, 24, NaN, 32]);
  });

  it('never exceeds burst + rate, nor its limits, and keeps the order', () => {
    const packets = fc.array(
      fc.record({ gapMs: fc.nat({ max: 20 }), bytes: fc.integer({ min: 60, max: 1500 }) }),
      {
        maxLength: 200,
      },
    );
    const limits = fc.record({
      burstBytes: fc.constantFrom(0, 1000, 5000),
      limitPackets: fc.option(fc.integer({ min: 1, max: 40 })),
      limitMs: fc.option(fc.nat({ max: 100 })),
    });
    fc.assert(
      fc.property(packets, limits, (traffic, limit) => {
        const queue = new RateQueue();
        const asked = rate(limit);
        let nowMs = 0;
        let sentBytes = 0;
        let lastMs = 0;
        const departures: number[] = [];
        for (const { gapMs, bytes } of traffic) {
          nowMs += gapMs;
          const departMs = queue.enter(asked, bytes, nowMs);
          if (Number.isNaN(departMs)) continue;
          departures.push(departMs);
          sentBytes += bytes;
          assert.ok(departMs >= lastMs && departMs >= nowMs);
          assert.ok(sentBytes <= limit.burstBytes + (departMs * asked.bitsPerS) / 8000 + 1e-6);
          if (limit.limitMs !== null)
            assert.ok(departMs - nowMs <= limit.limitMs + (bytes * 8000) / asked.bitsPerS + 1e-6);
          if (limit.limitPackets !== null)
            assert.ok(departures.filter((atMs) => atMs > nowMs).length <= limit.limitPackets);
          lastMs = departMs;
        }
      }),
    );
  });

  it('stretches what waits when the rate changes', () => {
    const queue = new RateQueue();
    const short = rate({ limitPackets: 3 });
    queue.enter(short, 1000, 0);
    queue.enter(short, 1000, 0); // leaves at 16
    queue.stretch(2, 4); // half the rate from 4 on: the 12 ms left take 24
    assert.equal(queue.enter({ ...short, bitsPerS: 500_000 }, 1000, 4), 44);
    assert.ok(Number.isNaN(queue.enter(short, 1000, 11)), 'the first leaves at 12 now');
    assert.ok(!Number.isNaN(queue.enter(short, 1000, 12)));
  });
});

describe('slots', () => {
  it('release together what came before they open', () => {
    const slots = new Slots(randomStream('slots'));
    const every = { minMs: 10, maxMs: 10, packets: null };
    assert.deepEqual(
      [0, 3, 10, 10.5, 40].map((readyMs) => slots.release(every, readyMs)),
      [10, 10, 10, 20.5, 50],
    );
  });

  it('take so many packets each', () => {
    const slots = new Slots(randomStream('slots'));
    const two = { minMs: 10, maxMs: 10, packets: 2 };
    assert.deepEqual(
      [0, 0, 0, 0, 0].map((readyMs) => slots.release(two, readyMs)),
      [10, 10, 20, 20, 30],
    );
  });

  it('come minMs to maxMs apart', () => {
    const slots = new Slots(randomStream('slots'));
    for (let readyMs = 0; readyMs < 10_000; readyMs += 100) {
      const waitMs = slots.release({ minMs: 5, maxMs: 20, packets: null }, readyMs) - readyMs;
      assert.ok(waitMs >= 5 && waitMs <= 20);
    }
  });
});

describe('a corrupted packet', () => {
  it('differs in exactly one bit, and never in its Ethernet header', () => {
    const stream = randomStream('bits');
    const places = new Set<number>();
    for (let round = 0; round < 2000; round++) {
      const frame = Buffer.alloc(60);
      flipBit(frame, 50, stream);
      const bits = [...frame].flatMap((byte, at) =>
        [...Array(8).keys()].filter((bit) => byte & (1 << bit)).map((bit) => at * 8 + bit),
      );
      assert.equal(bits.length, 1);
      places.add(bits[0]!);
    }
    assert.ok(Math.min(...places) >= 14 * 8 && Math.max(...places) < 50 * 8);
    assert.ok(places.size > 280, `${places.size} of 288 bits`);
    const empty = Buffer.alloc(14);
    flipBit(empty, 14, stream);
    assert.deepEqual(empty, Buffer.alloc(14));
  });
});

describe('the clock of a trace', () => {
  const trace = (end: TimeTrace['end'], firstMs = 0): TimeTrace => ({
    kind: 'time',
    name: 'trace',
    source: 'made up',
    steps: [
      { atMs: firstMs, impairment: impaired(delayed(1)) },
      { atMs: 10, impairment: impaired(delayed(2)) },
    ],
    lengthMs: 30,
    end,
  });

  /** Times at which something changes, and the delay then. */
  const changes = (of: TimeTrace, untilMs: number) => {
    const clock = new TraceClock(of, 1000);
    const seen: [number, number | null][] = [];
    while (clock.nextChangeMs <= 1000 + untilMs) {
      const atMs = clock.nextChangeMs - 1000;
      clock.advance();
      seen.push([atMs, clock.impairment?.delay?.ms ?? null]);
    }
    return seen;
  };

  it('holds, loops and stops', () => {
    assert.deepEqual(changes(trace('hold'), 100), [
      [0, 1],
      [10, 2],
    ]);
    assert.deepEqual(changes(trace('loop'), 70), [
      [0, 1],
      [10, 2],
      [30, 1],
      [40, 2],
      [60, 1],
      [70, 2],
    ]);
    assert.deepEqual(changes(trace('stop'), 100), [
      [0, 1],
      [10, 2],
      [30, null],
    ]);
    assert.deepEqual(changes(trace('stop', 5), 100), [
      [5, 1],
      [10, 2],
      [30, null],
    ]);
  });

  it('leaves out rounds that nobody saw', () => {
    const clock = new TraceClock(trace('loop'), 0);
    clock.skipTo(3_000_015);
    let advances = 0;
    for (; clock.nextChangeMs <= 3_000_015; advances++) clock.advance();
    assert.ok(advances < 8);
    assert.equal(clock.nextChangeMs, 3_000_030);
    assert.equal(clock.impairment?.delay?.ms, 2);
  });
});
