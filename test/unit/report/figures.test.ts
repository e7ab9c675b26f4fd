import assert from 'node:assert/strict';
import { figuresOf } from '../../../src/report/figures.js';
import { call, carrierCut, scenario } from '../../fixtures/results.js';

const calls = (ringAfterMs: (number | null)[]) =>
  ringAfterMs.map((ms, index) =>
    call({
      n: index + 1,
      inviteAt: index * 100,
      trunk: 'carrier-a',
      ringAfterMs: ms,
      status: ms === null ? 503 : 200,
    }),
  );
const of = (list: ReturnType<typeof calls>) => figuresOf(scenario({ calls: list }));

describe('figures under the scorecard', () => {
  it('takes p95 by nearest rank', () => {
    const figures = of(calls(Array.from({ length: 20 }, (_, index) => (index + 1) * 10)));
    assert.equal(figures.ringbackP95Ms, 190);
  });

  it('counts a call that never rang as infinitely late, not as unmeasured', () => {
    const figures = of(calls([100, 200, null]));
    assert.deepEqual([figures.ringbackP95Ms, figures.neverRang, figures.answered], [Infinity, 1, 2]);
  });

  it('has null, not zero, where there were no calls', () => {
    const figures = of([]);
    assert.deepEqual([figures.ringbackP95Ms, figures.heardShare], [null, null]);
  });

  it('leaves calls that were never placed out', () => {
    const figures = of([{ ...call({ n: 1, inviteAt: 0, trunk: null }), inviteAt: null }]);
    assert.equal(figures.placed, 0);
  });

  it('takes the worse ear of a call, and nothing where an ear could not be measured', () => {
    const deaf = call({ n: 1, inviteAt: 0, trunk: 'carrier-b', calleeDeafFrom: 0, holdMs: 1000 });
    const fine = call({ n: 2, inviteAt: 0, trunk: 'carrier-b' });
    const unknown = call({ n: 3, inviteAt: 0, trunk: 'carrier-b' });
    unknown.ears!.caller.heardShare = null;
    const figures = of([deaf, fine, unknown]);
    assert.deepEqual([figures.heardShare, figures.oneWay], [0.5, 1]);
  });

  it('counts calls of a real shape', () => {
    const { placed, answered, transitions } = figuresOf(carrierCut());
    assert.deepEqual([placed, answered, transitions], [100, 98, 2]);
  });
});
