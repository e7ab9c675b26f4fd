import assert from 'node:assert/strict';
import { measureFailover } from '../../../src/measures/failover.js';
import { penaltyPeak, runsScore, runsZ } from '../../../src/measures/flapping.js';
import { derivePhases } from '../../../src/measures/phases.js';
import { linksBetween, trunkLinks } from '../../../src/measures/path.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import type { Plan } from '../../../src/plan/types.js';
import { callsBy, journal, measuresOf } from '../../fixtures/measures.js';
import { cut, plan } from '../../fixtures/plans.js';

const failoverOf = (of: Plan, calls: CallMeasure[]) =>
  measureFailover(of, injectedTruth(of, journal(of)), calls);
const cutPlan = plan({ faults: [cut(1, 10_000, 20_000)] });

/** 80 calls at 2/s; A is cut from 10 to 20 s, noticed after 2 s, and taken back 5 s after it was healed. */
const goodCalls = callsBy(80, (n) => ({ tried: n < 20 || n >= 50 ? ['a'] : n < 24 ? ['a', 'b'] : ['b'] }));

describe('path', () => {
  it('leads through routers, and not through a nameserver or a phone', () => {
    assert.deepEqual(linksBetween(plan(), 'sbc', 'carrier-b'), ['sbc--firewall', 'firewall--carrier-b']);
    assert.deepEqual(linksBetween(plan(), 'desk', 'carrier-a'), ['desk--sbc', 'sbc--carrier-a']);
    assert.deepEqual(linksBetween(plan(), 'desk', 'nowhere'), []);
  });

  it('of a trunk begins at the SBC', () => {
    assert.deepEqual(
      plan().lab.trunks.map((trunk) => trunkLinks(plan(), trunk)),
      [['sbc--carrier-a'], ['sbc--firewall', 'firewall--carrier-b']],
    );
  });
});

describe('derivePhases', () => {
  const phasesOf = (of: Plan, calls: CallMeasure[]) =>
    derivePhases(of, journal(of), injectedTruth(of, journal(of)), calls);

  it('is all baseline without a fault', () => {
    assert.deepEqual(phasesOf(plan(), goodCalls), [{ name: 'baseline', fromMs: 0, toMs: 40_000 }]);
  });

  it('takes the times at which the fault was really applied and healed, and what traffic did', () => {
    assert.deepEqual(phasesOf(cutPlan, goodCalls), [
      { name: 'baseline', fromMs: 0, toMs: 10_001 },
      { name: 'fault', fromMs: 10_001, toMs: 20_001 },
      { name: 'converged', fromMs: 12_000, toMs: 20_001 },
      { name: 'recovery', fromMs: 20_001, toMs: 25_000 },
      { name: 'settled', fromMs: 25_000, toMs: 40_000 },
    ]);
  });

  it('never converges while each call tries the dead trunk first, and has no recovery from a fault that stays', () => {
    const blind = callsBy(80, (n) => ({ tried: n < 20 ? ['a'] : ['a', 'b'] }));
    const forever = plan({ faults: [cut(1, 10_000, null)] });
    assert.deepEqual(phasesOf(forever, blind), [
      { name: 'baseline', fromMs: 0, toMs: 10_001 },
      { name: 'fault', fromMs: 10_001, toMs: 40_000 },
    ]);
  });

  it('counts four calls in a row as nothing yet', () => {
    const four = callsBy(80, (n) => ({
      tried: n >= 24 && n < 28 ? ['b'] : n >= 20 && n < 40 ? ['a', 'b'] : ['a'],
    }));
    assert.equal(
      phasesOf(cutPlan, four).find(({ name }) => name === 'converged'),
      undefined,
    );
  });
});

describe('measureFailover', () => {
  it('measures a failover and a failback', () => {
    const failover = failoverOf(cutPlan, goodCalls);
    assert.deepEqual(
      failover.transitions.map(({ from, to, afterMs, beforeMs, calls }) => ({
        from,
        to,
        afterMs,
        beforeMs,
        calls,
      })),
      [
        { from: 'a', to: 'b', afterMs: 11_500, beforeMs: 12_000, calls: ['office-out-23', 'office-out-24'] },
        { from: 'b', to: 'a', afterMs: 24_500, beforeMs: 25_000, calls: ['office-out-49', 'office-out-50'] },
      ],
    );
    assert.equal(failover.expectedTransitions, 2);
    assert.equal(failover.excessTransitions, 0);
    assert.equal(failover.flapping, false);
    assert.equal(failover.detectionMs, 1999);
    // The first call that was placed after the cut rang on A in vain for 1 s, then was answered after another.
    assert.equal(failover.firstSuccessMs, 12_500 - 10_001);
    assert.equal(failover.settleMs, 4999);
    assert.deepEqual(failover.prematureCalls, []);
    assert.ok((failover.runsZ ?? 0) < -5);
  });

  it('expects only the way out of a cut that is not healed', () => {
    assert.equal(failoverOf(plan({ faults: [cut(1, 10_000, null)] }), goodCalls).expectedTransitions, 1);
  });

  it('expects nothing of a cut elsewhere, and of one on the way of the backup', () => {
    for (const target of ['desk--sbc', 'sbc--firewall'])
      assert.equal(
        failoverOf(plan({ faults: [cut(1, 10_000, 20_000, { target })] }), goodCalls).expectedTransitions,
        0,
      );
  });

  it('takes an impairment for no outage', () => {
    const impairment = { delayMs: 40, jitterMs: 0, lossShare: 0 };
    const impaired = plan({ faults: [cut(1, 10_000, 20_000, { kind: 'impair', from: null, impairment })] });
    assert.equal(failoverOf(impaired, goodCalls).expectedTransitions, 0);
  });

  const flaps = [0, 1, 2, 3].map((n) => cut(n + 1, 8000 + 7000 * n, 11_000 + 7000 * n));
  const flapPlan = plan({ faults: flaps });

  it('expects one out and one back of a series, and finds the rest to be flapping', () => {
    // Out 1 s after each cut, back at once: stays of 4 and 10 calls.
    const bouncing = callsBy(80, (n) => ({
      tried: (n * 500 + 5000) % 7000 < 2000 && n >= 18 ? ['b'] : ['a'],
    }));
    const failover = failoverOf(flapPlan, bouncing);
    assert.equal(failover.expectedTransitions, 2);
    assert.ok(failover.excessTransitions >= 4, JSON.stringify(failover.transitions));
    assert.ok((failover.flapPenaltyPeak ?? 0) >= 3);
    assert.equal(failover.flapping, true);
  });

  it('expects two of each of two outages that are entries of their own', () => {
    const twice = plan({ faults: [cut(1, 5000, 8000), cut(2, 20_000, 25_000, { entry: 1 })] });
    assert.equal(failoverOf(twice, goodCalls).expectedTransitions, 4);
  });

  it('does not take round-robin, nor a single call that advanced, for flapping', () => {
    assert.deepEqual(
      failoverOf(
        plan(),
        callsBy(80, (n) => ({ tried: [n % 2 ? 'a' : 'b'] })),
      ).transitions,
      [],
    );
    assert.ok(
      (failoverOf(
        plan(),
        callsBy(80, (n) => ({ tried: [n % 2 ? 'a' : 'b'] })),
      ).runsZ ?? 0) > 5,
    );
    assert.deepEqual(
      failoverOf(
        plan(),
        callsBy(80, (n) => ({ tried: n % 9 < 4 ? ['a', 'b'] : ['a'] })),
      ).transitions,
      [],
    );
  });

  it('counts calls that went back to the dead primary once it had been left, and which of them failed', () => {
    const relapse = callsBy(80, (n) => ({
      tried: n < 20 || n >= 50 || n === 30 || n === 31 ? ['a'] : n < 24 ? ['a', 'b'] : ['b'],
      answered: n !== 31,
    }));
    assert.deepEqual(failoverOf(cutPlan, relapse).prematureCalls, [
      { id: 'office-out-30', failed: false },
      { id: 'office-out-31', failed: true },
    ]);
    assert.deepEqual(failoverOf(cutPlan, relapse).callsLost, ['office-out-31']);
  });

  it('counts the hold-down too, if the lab has one', () => {
    const early = callsBy(80, (n) => ({ tried: n < 20 || n >= 42 ? ['a'] : n < 24 ? ['a', 'b'] : ['b'] }));
    assert.equal(failoverOf(cutPlan, early).prematureCalls.length, 0);
    const held = { ...cutPlan, lab: { ...cutPlan.lab, values: { ...cutPlan.lab.values, 'hold-down-s': 3 } } };
    assert.equal(failoverOf(held, early).prematureCalls.length, 4);
  });

  it('knows no way home of traffic that never left', () => {
    const blind = callsBy(80, (n) => ({ tried: n >= 20 && n < 40 ? ['a', 'b'] : ['a'] }));
    assert.deepEqual(
      [failoverOf(cutPlan, blind).settleMs, failoverOf(cutPlan, blind).excessTransitions],
      [null, 0],
    );
    // Noticing may take 6 s, so that nobody can be blamed for staying for 8 s at two calls a second.
    const short = plan({ faults: [cut(1, 10_000, 18_000)] });
    assert.equal(failoverOf(short, blind).settleMs, 1999);
    const nowhere = plan({
      faults: [cut(1, 10_000, 20_000), cut(2, 9000, 21_000, { target: 'sbc--firewall', entry: 1 })],
    });
    assert.notEqual(failoverOf(nowhere, blind).settleMs, null);
  });

  it('knows no detection and no return where there was none', () => {
    const blind = callsBy(80, (n) => ({ tried: n < 20 ? ['a'] : ['a', 'b'] }));
    const failover = failoverOf(cutPlan, blind);
    assert.deepEqual([failover.detectionMs, failover.settleMs, failover.prematureCalls], [null, null, []]);
    const quiet = measuresOf(plan(), goodCalls).failover;
    assert.deepEqual([quiet.detectionMs, quiet.settleMs, quiet.firstSuccessMs], [null, null, null]);
  });
});

describe('penaltyPeak', () => {
  it('adds what is left of each transition after so many half-lives', () => {
    assert.equal(penaltyPeak([], 10_000), null);
    assert.equal(penaltyPeak([5000], 10_000), 1);
    assert.equal(penaltyPeak([0, 10_000, 20_000], 10_000), 1.75);
    assert.equal(penaltyPeak([0, 10_000, 110_000], 10_000), 1.5);
  });
});

describe('runs test', () => {
  const near = (actual: number | null, expected: number) =>
    assert.ok(actual !== null && Math.abs(actual - expected) < 0.0005, `${actual} is not ${expected}`);

  it('agrees with a published example', () => {
    // 79,881,944 bits of /dev/urandom: 39,940,971 runs expected, σ² 19,970,484.48 (stats.stackexchange.com/q/37751).
    const published = (39_941_409 - 39_940_971) / Math.sqrt(19_970_484.48);
    near(runsScore(39_933_862, 39_948_082, 39_941_409), published);
  });

  it('agrees with mean and spread over every order there is', () => {
    const n1 = 7;
    const n = 12;
    const orders = Array.from({ length: 2 ** n }, (_, bits) =>
      Array.from({ length: n }, (__, i) => ((bits >> i) & 1) === 1),
    );
    const runs = orders
      .filter((order) => order.filter(Boolean).length === n1)
      .map((order) => order.filter((value, i) => value !== order[i - 1]).length);
    const mean = runs.reduce((sum, one) => sum + one, 0) / runs.length;
    const variance = runs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / runs.length;
    for (const some of [2, 6, 11]) near(runsScore(n1, n - n1, some), (some - mean) / Math.sqrt(variance));
  });

  it('counts the runs of a sequence', () => {
    // The sequence of Wikipedia's "Wald–Wolfowitz runs test": 6 runs of 13 + and 9 −.
    const sequence = [...'++++---+++--++++++----'].map((sign) => sign === '+');
    near(runsZ(sequence), (6 - (2 * 13 * 9) / 22 - 1) / Math.sqrt(4.8806));
  });

  it('says nothing of one kind', () => {
    assert.equal(runsZ([true, true, true]), null);
    assert.equal(runsZ([]), null);
    assert.equal(runsZ([true, false]), null);
  });
});
