import assert from 'node:assert/strict';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { planExpectations } from '../../../src/plan/expectations.js';
import { findScenarios } from '../../../src/scenario/find.js';

/** Each of these says something of every answered call's two ears, other than that one of them was deaf alone. */
const HEARD = new Set(['dead-air', 'heard-share']);
const LISTENS = new Set([
  ...HEARD,
  'one-way-audio',
  'hole-in-call',
  'quality',
  'quality-off-model',
  'restored',
]);

describe('the scenarios that come with deadair', () => {
  for (const { scenario } of findScenarios([join(packageFolder(), 'scenarios')])) {
    const expected = planExpectations(scenario.expect);

    it(`${scenario.name}: a call in which both are deaf passes no one-way-audio alone`, () => {
      const alone = expected
        .filter(({ kind, phase }) => kind === 'one-way-audio' && phase !== 'baseline')
        .filter(({ phase, flow }) =>
          expected.every((one) => !HEARD.has(one.kind) || one.phase !== phase || one.flow !== flow),
        );
      assert.deepEqual(alone, []);
    });

    if (scenario.timeline.length > 0)
      it(`${scenario.name}: somebody listens after the first fault`, () => {
        const later = expected.filter(({ kind, phase }) => LISTENS.has(kind) && phase !== 'baseline');
        assert.notDeepEqual(later, []);
      });
  }
});
