import assert from 'node:assert/strict';
import type { Delay, Impairment, Loss } from '../../../../src/plan/impairment.js';
import { ChanceDraws } from '../../../../src/emulator/chain/chance.js';
import { DelayDraws } from '../../../../src/emulator/chain/delay.js';
import { Draws } from '../../../../src/emulator/chain/draws.js';
import { LossDraws } from '../../../../src/emulator/chain/loss.js';
import { ReorderDraws } from '../../../../src/emulator/chain/reorder.js';
import { randomStream } from '../../../../src/emulator/random.js';
import {
  type Finding,
  checkBurstLengths,
  checkCorrelation,
  checkDistribution,
  checkShare,
} from '../../../conformance/checks.js';
import { delayCdf, fourState, gilbert } from '../../../conformance/models.js';
import { delayed, impaired, lossy } from '../../../fixtures/impairments.js';

const COUNT = 20_000;
const holds = ({ holds, detail }: Finding) => assert.ok(holds, detail);
const fails = ({ holds, detail }: Finding) => assert.ok(!holds, `control: ${detail}`);

const times = <T>(draw: () => T, count = COUNT) => Array.from({ length: count }, draw);

const lossesOf = (loss: Loss, key = 'loss') => {
  const draws = new LossDraws(randomStream(key), randomStream(`${key}/state`));
  return times(() => draws.loses(loss));
};

const delaysOf = (delay: Delay) => {
  const draws = new DelayDraws(randomStream('delay'));
  return times(() => draws.next(delay));
};

describe('a chance', () => {
  const share = (asked: number, correlation: number) => {
    const draws = new ChanceDraws(randomStream('chance'));
    return times(() => draws.happens({ share: asked, correlation }));
  };

  it('comes true as often as asked for', () => {
    holds(checkShare(share(0.03, 0), 0.03));
    fails(checkShare(share(0.03, 0), 0.05));
    assert.ok(share(1, 0).every(Boolean) && share(1, 0.5).every(Boolean));
    assert.ok(!share(0, 0).some(Boolean) && !share(0, 0.5).some(Boolean));
  });

  it('is correlated as netem has it: neighbours alike, and extremes rarer', () => {
    const correlated = share(0.3, 0.5);
    const alike = correlated.filter((value, index) => value === correlated[index - 1]).length / COUNT;
    const free = share(0.3, 0);
    const freeAlike = free.filter((value, index) => value === free[index - 1]).length / COUNT;
    assert.ok(alike > freeAlike + 0.05, `${alike} against ${freeAlike}`);
    const rare = share(0.1, 0.5).filter(Boolean).length / COUNT;
    assert.ok(rare < 0.05, `${rare}`);
  });

  it('follows netem’s recurrence number for number', () => {
    const stream = randomStream('recurrence');
    const draws = new ChanceDraws(randomStream('recurrence'));
    let last = stream.next();
    for (let n = 0; n < 1000; n++) {
      last = 0.7 * stream.next() + 0.3 * last;
      assert.equal(draws.happens({ share: 0.4, correlation: 0.3 }), last < 0.4);
    }
  });
});

describe('a delay', () => {
  const delay = (distribution: Delay['distribution'], correlation = 0): Delay => ({
    ms: 50,
    jitterMs: 10,
    distribution,
    correlation,
  });

  for (const name of ['uniform', 'normal', 'pareto', 'paretonormal'] as const)
    it(`is distributed as asked for: ${name}`, () => {
      holds(checkDistribution(delaysOf(delay(name)), delayCdf(delay(name))));
      const other = delay(name === 'uniform' ? 'normal' : 'uniform');
      fails(checkDistribution(delaysOf(delay(name)), delayCdf(other)));
      holds(checkCorrelation(delaysOf(delay(name)), 0));
    });

  it('keeps its distribution when it is correlated', () => {
    const correlated = delaysOf(delay('normal', 0.6));
    // A sequence correlated by c says as much as one (1 + c) / (1 − c) times shorter: so every eighth is taken.
    const thinned = correlated.filter((_, index) => index % 8 === 0);
    holds(checkDistribution(thinned, delayCdf(delay('normal'))));
    holds(checkCorrelation(correlated, 0.6, 0.01));
    fails(checkCorrelation(correlated, 0.3, 0.01));
    holds(checkCorrelation(delaysOf(delay('uniform', 0.6)), (6 / Math.PI) * Math.asin(0.3), 0.01));
  });

  it('follows a table, and is never negative', () => {
    const table = { name: 'own', table: [-2, 0, 0, 0, 1] };
    const values = new Set(delaysOf({ ms: 10, jitterMs: 10, distribution: table, correlation: 0 }));
    assert.deepEqual(
      [...values].sort((x, y) => x - y),
      [0, 10, 20],
    );
  });

  it('is exact without jitter', () => {
    assert.deepEqual(new Set(delaysOf({ ...delay('normal'), jitterMs: 0 })), new Set([50]));
  });
});

describe('loss', () => {
  const ge: Extract<Loss, { kind: 'gilbert-elliott' }> = {
    kind: 'gilbert-elliott',
    p: 0.05,
    r: 0.3,
    h: 0,
    k: 1,
  };

  it('comes in Gilbert’s bursts', () => {
    const { share, burst, inflation } = gilbert(ge);
    holds(checkShare(lossesOf(ge), share, inflation));
    holds(checkBurstLengths(lossesOf(ge), burst));
    fails(checkBurstLengths(lossesOf({ kind: 'random', share, correlation: 0 }), burst));
  });

  it('is thinned by Elliott’s h and k', () => {
    const { share, inflation } = gilbert(ge);
    const expected = share * (1 - 0.4) + (1 - share) * (1 - 0.98);
    holds(checkShare(lossesOf({ ...ge, h: 0.4, k: 0.98 }), expected, inflation));
    fails(checkShare(lossesOf({ ...ge, h: 0.4, k: 0.98 }), share, inflation));
  });

  it('follows the 4-state chain', () => {
    const states: Extract<Loss, { kind: 'four-state' }> = {
      kind: 'four-state',
      p13: 0.03,
      p31: 0.3,
      p32: 0.2,
      p23: 0.4,
      p14: 0.01,
    };
    holds(checkShare(lossesOf(states), fourState(states).share, 4));
    fails(checkShare(lossesOf({ ...states, p13: 0.05 }), fourState(states).share, 4));
    // Without bursts all losses stand alone.
    assert.ok(!/xx/.test(signs(lossesOf({ ...states, p13: 0 }))));
    // A burst left by p31 only is geometric.
    holds(checkBurstLengths(lossesOf({ ...states, p14: 0, p32: 0 }), (n) => 0.3 * 0.7 ** (n - 1)));
  });

  it('repeats a pattern', () => {
    const lose = [true, false, false];
    assert.equal(signs(lossesOf({ kind: 'pattern', lose }).slice(0, 7)), 'x..x..x');
  });

  it('goes on in its state when the figures change, and begins anew with another model', () => {
    const draws = new LossDraws(randomStream('change'), randomStream('change/state'));
    const stuck = { ...ge, p: 1, r: 0 };
    assert.deepEqual([draws.loses(stuck), draws.loses(stuck)], [false, true]);
    assert.equal(draws.loses({ ...stuck, p: 0 }), true);
    assert.equal(draws.loses({ kind: 'pattern', lose: [false] }), false);
    assert.equal(draws.loses({ ...stuck, p: 0 }), false);
  });
});

const signs = (losses: boolean[]) => losses.map((lost) => (lost ? 'x' : '.')).join('');

describe('reordering', () => {
  const chosen = (share: number, gap: number) => {
    const draws = new ReorderDraws(randomStream('reorder'));
    return times(() => draws.goesAtOnce({ share, gap, correlation: 0 }), 2000);
  };

  it('takes a share of the packets', () => {
    holds(checkShare(chosen(0.2, 0), 0.2));
    fails(checkShare(chosen(0.2, 0), 0.3));
  });

  it('takes every Nth with a gap, as netem does', () => {
    assert.equal(signs(chosen(1, 5).slice(0, 12)), '....x....x..');
  });
});

describe('the draws of an impairment', () => {
  const all: Impairment = impaired({
    ...delayed(20, 5),
    ...lossy(0.2),
    duplicate: { share: 0.2, correlation: 0 },
    corrupt: { share: 0.2, correlation: 0 },
    reorder: { share: 0.2, correlation: 0, gap: 1 },
  });
  const run = (impairment: Impairment) => {
    const draws = new Draws('seed');
    return times(() => {
      const draw = {
        lost: false,
        duplicated: false,
        corrupted: false,
        atOnce: false,
        delayMs: 0,
        copyDelayMs: 0,
      };
      draws.next(impairment, draw);
      return draw;
    }, 500);
  };

  it('of each kind do not depend on the others', () => {
    const whole = run(all);
    for (const [kind, field] of [
      ['loss', 'lost'],
      ['duplicate', 'duplicated'],
      ['corrupt', 'corrupted'],
      ['reorder', 'atOnce'],
      ['delay', 'delayMs'],
    ] as const)
      assert.deepEqual(
        run(impaired({ [kind]: all[kind] })).map((draw) => draw[field]),
        whole.map((draw) => draw[field]),
      );
  });

  it('of different kinds are not the same', () => {
    const whole = run(all);
    assert.notDeepEqual(
      whole.map((draw) => draw.lost),
      whole.map((draw) => draw.duplicated),
    );
    assert.notDeepEqual(
      whole.map((draw) => draw.delayMs),
      whole.map((draw) => draw.copyDelayMs),
    );
  });
});
