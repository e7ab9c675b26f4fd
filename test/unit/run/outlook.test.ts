import assert from 'node:assert/strict';
import { RunOutlook, upcoming } from '../../../src/run/outlook.js';
import { Places, wavesOf } from '../../../src/run/places.js';
import { cut, plan } from '../../fixtures/plans.js';

/** Calls end when traffic does. */
const lasting = (id: string, trafficMs: number) => plan({ id, trafficMs, calls: [], faults: [] });

describe('what a plan says of the rest', () => {
  const [call] = plan().calls;
  const faulty = plan({
    trafficMs: 40_000,
    calls: [{ ...call!, atMs: 39_000, holdMs: 6000 }],
    faults: [cut(1, 10_000, 20_000), cut(2, 30_000, null)],
  });

  it('names what begins or ends next, and when', () => {
    const fault = 'cut sbc--carrier-a';
    const nextAt = (atMs: number) => upcoming(faulty, atMs).next;
    assert.deepEqual(nextAt(4000), { what: 'applied', fault, inMs: 6000 });
    assert.deepEqual(nextAt(10_000), { what: 'healed', fault, inMs: 10_000 });
    assert.deepEqual(nextAt(20_500), { what: 'applied', fault, inMs: 9500 });
    assert.equal(nextAt(30_000), null);
  });

  it('counts to the end of the last call, and no further', () => {
    assert.equal(upcoming(faulty, 0).leftMs, 45_000);
    assert.equal(upcoming(faulty, 44_000).leftMs, 1000);
    assert.equal(upcoming(faulty, 46_000).leftMs, 0);
  });
});

describe('where a run stands', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id, index) => lasting(id, 60_000 - 10_000 * index));

  it('adds up the longest of each wave to come, and what is left of the one that runs', () => {
    const outlook = new RunOutlook(
      [a, b, c, d].map((each) => ({ plan: each!, weight: 1 })),
      2,
    );
    const idle = { scenarios: 4, done: 0, judging: 0 };
    assert.deepEqual(outlook.at(0), { ...idle, running: 0, wavesToCome: 2, atLeastMs: 100_000 });
    outlook.entered(a!);
    outlook.entered(b!);
    assert.deepEqual(outlook.at(5000), { ...idle, running: 2, wavesToCome: 1, atLeastMs: 100_000 });
    outlook.callsBegin(a!, 6000);
    outlook.callsBegin(b!, 6000);
    assert.equal(outlook.at(16_000).atLeastMs, 90_000);
    outlook.labEnded(a!);
    assert.deepEqual(outlook.at(26_000), {
      ...idle,
      running: 1,
      judging: 1,
      wavesToCome: 1,
      atLeastMs: 70_000,
    });
    outlook.judged(a!);
    outlook.labEnded(b!);
    outlook.judged(b!);
    for (const each of [c!, d!]) {
      outlook.entered(each);
      outlook.labEnded(each);
      outlook.judged(each);
    }
    assert.deepEqual(outlook.at(99_000), { ...idle, done: 4, running: 0, wavesToCome: 0, atLeastMs: 0 });
  });

  it('is of the waves that really come', async () => {
    const weights = [1, 2, 1, 9, 1, 1, 2, 1];
    const expected = wavesOf(
      weights.map((weight, index) => ({ weight, index })),
      3,
    );
    const places = new Places(3);
    const waves: number[][] = [];
    let up = 0;
    await Promise.all(
      weights.map((weight, index) =>
        places.with(weight, async (ready) => {
          if (up++ === 0) waves.push([]);
          waves.at(-1)?.push(index);
          await ready();
          await new Promise(setImmediate);
          up--;
        }),
      ),
    );
    assert.deepEqual(
      waves,
      expected.map((wave) => wave.map(({ index }) => index)),
    );
  });
});
