import assert from 'node:assert/strict';
import { clearDirection, type DirectionState } from '../../../src/emulator/contract.js';
import { longestIdle, ratePassed } from '../../../src/faults/burst.js';
import { fire } from '../../../src/faults/probe.js';
import { ruleMet, shapeFor } from '../../../src/faults/probe-match.js';
import { durationOf, fitted, sizeFor } from '../../../src/faults/probe-size.js';
import { medianInterval, wilson } from '../../../src/base/statistics.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { Match } from '../../../src/plan/impairment.js';
import type { Volley } from '../../../src/faults/volleys.js';
import { randomStream } from '../../../src/emulator/random.js';

const way = {
  from: 'sbc',
  sender: { node: 'sbc', address: '198.18.2.1' },
  receiver: { node: 'carrier-a', address: '198.18.2.2' },
};
const direction = (fields: Parameters<typeof impairmentOf>[0], rules: Match[] = []): DirectionState => ({
  ...clearDirection,
  otherwise: impairmentOf(fields),
  rules: rules.map((match) => ({ match, impairment: impairmentOf({ loss: { random: 1 } }) })),
});

describe('probes that meet a rule', () => {
  const cases: [match: Match, shape: object | null][] = [
    [{ protocol: 'udp' }, { sourcePort: 0, destinationPort: 0, dscp: 0 }],
    [
      { destinationPort: 5060, sourcePort: [10_000, 20_000] },
      { sourcePort: 20_000, destinationPort: 5060, dscp: 0 },
    ],
    [
      { dscp: 46, source: '198.18.2.0/24' },
      { sourcePort: 0, destinationPort: 0, dscp: 46 },
    ],
    [{ source: '198.18.2.2' }, null],
    [{ destination: '198.18.3.0/24' }, null],
    [{ protocol: 'tcp' }, null],
    [{ sip: {} }, null],
    [{ rtp: {} }, null],
  ];
  for (const [match, shape] of cases)
    it(`${shape ? 'look like' : 'can not be made for'} ${JSON.stringify(match)}`, () =>
      assert.deepEqual(shapeFor(match, way), shape));

  it('are counted to the first rule that they meet', () => {
    const header = {
      source: '198.18.2.1',
      destination: '198.18.2.2',
      sourcePort: 9,
      destinationPort: 80,
      dscp: 0,
    };
    const state = direction({}, [{ sip: {} }, { destinationPort: [70, 90] }, { protocol: 'udp' }]);
    assert.equal(ruleMet(state, header), 1);
    assert.equal(ruleMet(state, { ...header, destinationPort: 91 }), 2);
    assert.equal(ruleMet(direction({}, [{ dscp: 5 }]), header), null);
  });
});

describe('the size of a series', () => {
  it('is short for what shows at once, and grows as a share gets smaller', () => {
    const count = (fields: Parameters<typeof impairmentOf>[0]) => sizeFor(direction(fields)).count;
    assert.equal(sizeFor({ ...clearDirection, cut: 'blackhole' }).count, 10);
    assert.equal(count({ delay: 40 }), 10);
    assert.equal(count({ loss: { random: 0.1 } }), 300);
    assert.equal(count({ loss: { random: 0.01 } }), 1000);
    assert.equal(count({ loss: { random: 0.0001 } }), 4000);
    assert.equal(count({ delay: 40, reorder: { share: 0.02 } }), 500);
  });

  it('waits for what is held, and takes no more than a tenth of a rate', () => {
    assert.equal(sizeFor(direction({ delay: 500 })).graceMs, 900);
    const { spacingMs } = sizeFor(direction({ rate: 128_000 }));
    assert.ok((560 / spacingMs) * 1000 <= 12_800 + 1, String(spacingMs));
  });

  it('fits into the time there is', () => {
    for (const fields of [
      { delay: 40 },
      { loss: { random: 0.01 } },
      { rate: 64_000, loss: { random: 0.05 } },
    ])
      for (const availableMs of [100, 700, 3000, 60_000]) {
        const size = fitted(sizeFor(direction(fields)), availableMs);
        assert.ok(size.count >= 1 && durationOf(size) <= Math.max(availableMs, 101), JSON.stringify(size));
      }
  });
});

describe('what a burst passed', () => {
  const arrivals = (n: number, everyMs: number) =>
    Array.from({ length: n }, (_, number) => ({ number, delayMs: 0, atMs: number * everyMs }));

  it('is the bits between the first and the last, give or take the polling', () => {
    const [low, high] = ratePassed(arrivals(101, 4), 2048, 0) ?? [0, 0];
    assert.ok(low < 512_000 && 512_000 < high && low > 500_000 && high < 520_000, `${low} ${high}`);
  });

  it('leaves out what the bucket let through, and knows nothing of too few', () => {
    const burst = Array.from({ length: 50 }, (_, number) => ({ number, delayMs: 0, atMs: 0 }));
    const steady = arrivals(101, 4).map((one) => ({ ...one, atMs: one.atMs + 4 }));
    const [low, high] = ratePassed([...burst, ...steady], 2048, (50 * 2048) / 8) ?? [0, 0];
    assert.ok(low < 512_000 && 512_000 < high, `${low} ${high}`);
    assert.equal(ratePassed(arrivals(3, 4), 2048, 0), null);
  });

  it('allows for the time in which the queue may have run dry, and for no more', () => {
    assert.equal(longestIdle([0, 2, 4, 6], 20), 0);
    // 40 ms without a look: the queue of 20 ms was full by then, and 2 ms is how long a look takes.
    assert.equal(longestIdle([0, 2, 40, 80], 20), 36 - 2 + 18);
    assert.equal(longestIdle([0, 30, 60], Infinity), 28);
    const [low, high] = ratePassed(arrivals(101, 4), 2048, 0, 40) ?? [0, 0];
    assert.ok(low > 500_000 && low < 512_000 && high > 565_000 && high < 580_000, `${low} ${high}`);
  });
});

describe('intervals', () => {
  it('have Wilson’s published form', () => {
    // 10 of 100 at z = 3.29, worked by hand: (0.1 + z²/200) / (1 + z²/100) = 0.13907, half-width 0.10157.
    const [low, high] = wilson(10, 100);
    assert.ok(Math.abs(low - 0.0375) < 0.0005, String(low));
    assert.ok(Math.abs(high - 0.24064) < 0.0005, String(high));
    assert.deepEqual(wilson(0, 0), [0, 1]);
    for (let n = 1; n < 500; n++) assert.deepEqual([wilson(0, n)[0], wilson(n, n)[1]], [0, 1], String(n));
  });

  it('of the median hold it in 99.9 of 100 cases', () => {
    const random = randomStream('median');
    let missed = 0;
    for (let n = 0; n < 2000; n++) {
      const sample = Array.from({ length: 51 }, () => random.next()).sort((a, b) => a - b);
      const [low, high] = medianInterval(sample) ?? [1, 0];
      if (low > 0.5 || high < 0.5) missed++;
    }
    assert.ok(missed <= 8, String(missed));
    assert.equal(medianInterval([]), null);
  });
});

describe('a prober', () => {
  it('that was held up sends what is due in parts, which the kernel has room for', async () => {
    let atOnce = 0;
    const parts: number[] = [];
    const stream = {
      sent: 0,
      received: 0,
      send() {
        stream.sent++;
        atOnce++;
      },
      collect() {
        stream.received = stream.sent;
        if (atOnce > 0) parts.push(atOnce);
        atOnce = 0;
      },
    };
    // All are due as soon as it begins.
    const size = { count: 200, spacingMs: 0.001, graceMs: 10, train: 1 };
    await fire([{ stream, size } as unknown as Volley], new AbortController().signal);
    assert.equal(Math.max(...parts), 64, String(parts));
  });
});
