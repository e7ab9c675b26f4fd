import assert from 'node:assert/strict';
import { Lane, newOutcome } from '../../../src/emulator/chain/lane.js';
import { clearDirection } from '../../../src/emulator/contract.js';
import { figuresOf } from '../../../src/faults/figures.js';
import { seriesOf } from '../../../src/faults/probe.js';
import { dueMs, sizeFor } from '../../../src/faults/probe-size.js';
import type { Arrival } from '../../../src/faults/probe-stream.js';
import { impairmentOf } from '../../../src/plan/impairments.js';
import type { ProofFigure } from '../../../src/runfolder/journal.js';

type Fields = Parameters<typeof impairmentOf>[0];

const FRAME_BYTES = 71;
const way = {
  from: 'sbc',
  sender: { node: 'sbc', address: '198.18.2.1' },
  receiver: { node: 'carrier-a', address: '198.18.2.2' },
};
const header = {
  source: '198.18.2.1',
  destination: '198.18.2.2',
  sourcePort: 4000,
  destinationPort: 4001,
  dscp: 0,
};

/** Figures of probes sent for what was asked, through a lane of wire's that does something, on a virtual clock. */
function figures(asked: Fields, done: Fields = asked, emulator: 'wire' | 'netem' = 'wire'): ProofFigure[] {
  const state = { ...clearDirection, otherwise: impairmentOf(asked) };
  const size = sizeFor(state);
  return (['plain', 'bare'] as const).flatMap((kind) => {
    const lane = new Lane(`seed/${kind}`, -1, impairmentOf(done));
    const outcome = newOutcome();
    const sentAtMs: number[] = [];
    const damaged = new Set<number>();
    const arrivals: Arrival[] = [];
    const arrive = (number: number, atMs: number) =>
      arrivals.push({ number, atMs, delayMs: atMs - sentAtMs[number]! });
    for (let number = 0; number < size.count; number++) {
      const nowMs = dueMs(number, size) + (number % size.train) * 0.01;
      sentAtMs.push(nowMs);
      lane.decide(true, FRAME_BYTES, nowMs, outcome);
      if (outcome.verdict !== 'go') continue;
      if (outcome.duplicated) arrive(number, outcome.copyDueMs);
      if (!outcome.corrupted) arrive(number, outcome.dueMs);
      else if (kind === 'bare') damaged.add(number);
    }
    const seen = new Set(arrivals.map(({ number }) => number));
    const stream = {
      way,
      header,
      sentAtMs,
      damaged,
      arrivals,
      refusals: 0,
      payloadShare: 0.97,
      received: seen.size,
    };
    const series = seriesOf({
      stream: { ...stream, hasArrived: (number) => seen.has(number) },
      link: 'sbc--carrier-a',
      state,
      kind,
      size,
    });
    return figuresOf(series, state, { noiseMs: 5, lostByEmulator: null, emulator });
  });
}

/** Whether a figure holds; undefined if there is none. */
const verdict = (what: ProofFigure['what'], ...args: Parameters<typeof figures>) =>
  figures(...args).find((figure) => figure.what === what)?.holds;

describe('proof of each parameter, by what wire decides', () => {
  const jittery: Fields = { delay: 60, jitter: 20, distribution: 'normal', correlation: 0.8 };
  const cases: [what: ProofFigure['what'], asked: Fields, instead: Fields][] = [
    ['loss-correlation', { loss: { burst: { rate: 0.05, length: 4 } } }, { loss: { random: 0.05 } }],
    [
      'loss-correlation',
      { loss: { random: 0.45, correlation: 0.8 } },
      { loss: { burst: { rate: 0.3, length: 20 } } },
    ],
    ['loss-correlation', { loss: { pattern: '.xx' } }, { loss: { random: 0.667 } }],
    [
      'loss-correlation',
      { loss: { 'four-state': { p13: 0.02, p31: 0.3, p32: 0.2, p23: 0.4, p14: 0.01 } } },
      { loss: { random: 0.07 } },
    ],
    [
      'duplicate-correlation',
      { duplicate: { share: 0.45, correlation: 0.8 } },
      { duplicate: { share: 0.3 } },
    ],
    [
      'reorder-correlation',
      { delay: 40, reorder: { share: 0.4, correlation: 0.6 } },
      { delay: 40, reorder: { share: 0.25 } },
    ],
    ['corrupt-correlation', { corrupt: { share: 0.4, correlation: 0.6 } }, { corrupt: { share: 0.25 } }],
    ['corrupt', { corrupt: { share: 0.1 } }, { loss: { random: 0.1 } }],
    ['jitter', { delay: 60, jitter: 20 }, { delay: 65 }],
    ['jitter', { delay: 60, jitter: 20, distribution: 'pareto' }, { delay: 60, jitter: 20 }],
    ['jitter-correlation', jittery, { ...jittery, correlation: 0 }],
    ['slot', { slots: { every: 20 } }, {}],
    ['slot', { slots: { every: 20 } }, { slots: { every: 40 } }],
    ['slot', { slots: { min: 20, max: 60, packets: 5 } }, { slots: { every: 5, packets: 5 } }],
    ['slot-packets', { slots: { every: 20, packets: 5 } }, { slots: { every: 20, packets: 8 } }],
  ];
  for (const [what, asked, instead] of cases)
    it(`${what} of ${JSON.stringify(asked)}`, () => {
      assert.equal(verdict(what, asked), true);
      assert.equal(verdict(what, asked, instead), false, `not ${JSON.stringify(instead)}`);
    });

  it('holds in all that is asked for at once', () => {
    const all: Fields = {
      delay: 40,
      jitter: 8,
      distribution: 'normal',
      loss: { burst: { rate: 0.05, length: 3 } },
      duplicate: { share: 0.05 },
      corrupt: { share: 0.05 },
    };
    const found = figures(all);
    assert.deepEqual(
      found.map(({ what, holds }) => `${what} ${holds}`),
      ['missing', 'delay', 'jitter', 'duplicate', 'loss-correlation', 'corrupt'].map(
        (what) => `${what} true`,
      ),
    );
  });

  it('says what is unknown, and why', () => {
    const unknown = (what: ProofFigure['what'], ...args: Parameters<typeof figures>) => {
      const figure = figures(...args).find((one) => one.what === what);
      assert.equal(figure?.holds, null);
      return figure.unproven ?? '';
    };
    const weak: Fields = { delay: 60, jitter: 20, correlation: 0.05 };
    assert.match(unknown('jitter-correlation', weak), /too near to tell/);
    assert.match(unknown('jitter-correlation', jittery, jittery, 'netem'), /hardly correlate on netem/);
    assert.match(unknown('jitter', { delay: 40, jitter: 5, slots: { every: 20 } }), /vary too/);
    assert.match(unknown('jitter', { delay: 40, jitter: 0.2 }), /too small to tell from none/);
    assert.match(unknown('jitter', { delay: 60, jitter: 20 }, { loss: { random: 0.95 } }), /too few/);
    assert.match(unknown('slot', { slots: { every: 2 } }), /too short for the prober/);
    assert.match(unknown('reorder', { delay: 5, reorder: { share: 0.25 } }), /too short to tell/);
    assert.match(
      unknown('reorder-correlation', { delay: 40, reorder: { share: 0.5, correlation: 0.3, gap: 5 } }),
      /can’t be told/,
    );
    assert.match(unknown('loss-correlation', { loss: { random: 0.1, correlation: 0.1 } }), /too few to tell/);
  });
}).timeout(30_000);
