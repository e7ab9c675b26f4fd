import assert from 'node:assert/strict';
import fc from 'fast-check';
import { penaltyPeak } from '../../../src/measures/flapping.js';
import { difference, intersection, union, type Interval } from '../../../src/measures/intervals.js';
import { percentile } from '../../../src/measures/percentile.js';
import { routedCalls } from '../../../src/measures/rows.js';
import { findTransitions } from '../../../src/measures/transitions.js';
import { injectedTruth } from '../../../src/measures/truth.js';
import { mergeVerdicts } from '../../../src/verdict/merge.js';
import { scorecard } from '../../../src/verdict/scorecard.js';
import type { Verdict } from '../../../src/verdict/types.js';
import { call, ear, journal, measuresOf, planOf } from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';

const verdicts = fc.constantFrom<Verdict>('pass', 'degraded', 'fail', 'invalid');

describe('mergeVerdicts', () => {
  const merge = (...some: Verdict[]) => mergeVerdicts(some);

  it('is associative, commutative and idempotent, with pass as its neutral element', () => {
    fc.assert(
      fc.property(verdicts, verdicts, verdicts, (a, b, c) => {
        assert.equal(merge(merge(a, b), c), merge(a, merge(b, c)));
        assert.equal(merge(a, b), merge(b, a));
        assert.equal(merge(a, a), a);
        assert.equal(merge(a, merge()), a);
      }),
    );
  });

  it('lets an invalid part neither pass nor fail', () => {
    fc.assert(
      fc.property(fc.array(verdicts), (some) => {
        assert.equal(mergeVerdicts([...some, 'invalid']), 'invalid');
        if (!some.includes('invalid') && some.includes('fail')) assert.equal(mergeVerdicts(some), 'fail');
      }),
    );
  });
});

describe('percentile', () => {
  it('agrees with its definition: the least value that so many do not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(Infinity)), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 100 }),
        (values, percent) => {
          const oracle = Math.min(
            ...values.filter(
              (one) => values.filter((other) => other <= one).length * 100 >= percent * values.length,
            ),
          );
          assert.equal(percentile(values, percent / 100), oracle);
        },
      ),
    );
  });

  it('takes exactly the rank that whole percents ask for', () => {
    for (let n = 1; n <= 100; n++) {
      const values = Array.from({ length: n }, (_, i) => i + 1);
      for (let percent = 1; percent <= 100; percent++)
        assert.equal(percentile(values, percent / 100), Math.ceil((percent * n) / 100));
    }
  });

  it('is null for nothing', () => {
    assert.equal(percentile([], 0.5), null);
  });
});

describe('intervals', () => {
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
    .map(([startMs, length]): Interval => ({ startMs, endMs: startMs + length }));
  const intervals = fc.array(interval, { maxLength: 8 });
  const has = (some: Interval[], at: number) =>
    some.some(({ startMs, endMs }) => at >= startMs && at < endMs);

  it('agree with sets of points, and come sorted and apart', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const [either, both, onlyA] = [union([...a, ...b]), intersection(a, b), difference(a, b)];
        for (let at = 0; at < 82; at++) {
          assert.equal(has(either, at), has(a, at) || has(b, at));
          assert.equal(has(both, at), has(a, at) && has(b, at));
          assert.equal(has(onlyA, at), has(a, at) && !has(b, at));
        }
        for (const some of [either, both, onlyA])
          some.forEach(({ startMs, endMs }, i) =>
            assert.ok(startMs < endMs && startMs > (some[i - 1]?.endMs ?? -1)),
          );
      }),
    );
  });
});

describe('findTransitions', () => {
  const trunks = fc.array(fc.constantFrom('a', 'b'), { maxLength: 80 });
  const transitionsOf = (chosen: string[]) =>
    findTransitions(routedCalls(chosen.map((trunk, n) => call(n, { tried: [trunk] }))), 'a');

  it('finds none in a constant sequence', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'b'), fc.nat(80), (trunk, length) => {
        assert.deepEqual(transitionsOf(Array<string>(length).fill(trunk)), []);
      }),
    );
  });

  it('finds every move between stays of at least 10 calls, where it happened', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 20 }), { minLength: 1, maxLength: 6 }), (stays) => {
        const chosen = stays.flatMap((length, i) => Array<string>(length).fill(i % 2 ? 'b' : 'a'));
        const moves = stays
          .slice(0, -1)
          .map((_, i) => stays.slice(0, i + 1).reduce((sum, length) => sum + length, 0));
        assert.deepEqual(
          transitionsOf(chosen).map(({ calls }) => calls),
          moves.map((at) => [`office-out-${at - 1}`, `office-out-${at}`]),
        );
      }),
    );
  });

  it('alternates in direction and goes on in time', () => {
    fc.assert(
      fc.property(trunks, (chosen) => {
        const found = transitionsOf(chosen);
        found.forEach(({ afterMs, beforeMs }, i) => {
          assert.ok(afterMs < beforeMs);
          assert.ok(afterMs >= (found[i - 1]?.beforeMs ?? 0));
        });
      }),
    );
  });
});

describe('penaltyPeak', () => {
  it('is between 1 and the number of transitions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { minLength: 1 }),
        fc.integer({ min: 1, max: 60_000 }),
        (times, halfLife) => {
          const peak =
            penaltyPeak(
              times.sort((x, y) => x - y),
              halfLife,
            ) ?? 0;
          assert.ok(peak >= 1 && peak <= times.length);
        },
      ),
    );
  });
});

describe('scorecard', () => {
  const anyCall = fc.record({
    tried: fc.constantFrom<string[]>(['a'], ['b'], ['a', 'b']),
    answered: fc.boolean(),
    ringsAfterMs: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.constant(null)),
    share: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(null)),
    oneWayAtEnd: fc.boolean(),
  });

  it('stays within 0 to 100, and overall is the lowest axis', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 60 }), fc.boolean(), (drawn, isCut) => {
        const calls = drawn.map(({ share, answered, ...rest }, n) =>
          call(n, {
            ...rest,
            answered,
            ...(answered ? { ears: { caller: ear({ heardShare: share }), callee: ear() } } : {}),
          }),
        );
        const plan = planOf(calls, { faults: isCut ? [cut(1, 4000, 9000)] : [] });
        const measured = {
          plan,
          truth: injectedTruth(plan, journal(plan)),
          measures: measuresOf(plan, calls),
        };
        const { ringback, audio, failback, overall } = scorecard(measured);
        const axes = [ringback, audio, failback];
        for (const axis of axes) assert.ok(axis === null || (axis >= 0 && axis <= 100));
        const known = axes.filter((axis) => axis !== null);
        assert.equal(overall, known.length === 3 ? Math.min(...known) : null);
      }),
    );
  });
});
