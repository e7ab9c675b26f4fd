import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packLanes } from '../../../src/report/page/lanes.js';

const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 200 }))
    .map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 40 },
);

describe('rows of the timeline', () => {
  it('never let two spans in a row come closer than the gap', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 20 }), (list, gap) => {
        const { lanes } = packLanes(list, gap);
        for (const [i, a] of list.entries())
          for (const [j, b] of list.entries())
            if (i < j && lanes[i] === lanes[j]) assert.ok(a.to + gap <= b.from || b.to + gap <= a.from);
      }),
    );
  });

  it('are as few as the most that are up at once', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 20 }), (list, gap) => {
        const upAt = ({ from }: { from: number }) =>
          list.filter((s) => s.from <= from && from < s.to + gap).length;
        assert.equal(packLanes(list, gap).count, Math.max(0, ...list.map(upAt)));
      }),
    );
  });
});
