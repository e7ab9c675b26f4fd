import assert from 'node:assert/strict';
import { callsBy } from '../../fixtures/measures.js';
import { setUp } from '../../fixtures/node-faults.js';
import { cut } from '../../fixtures/plans.js';

describe('a trunk that answers probes and loses INVITEs', () => {
  const only = { sip: { method: 'INVITE' } };
  const lost = [cut(1, 10_000, 14_000, { kind: 'block', from: 'sbc', only })];
  const codes = (finalStatus: number | null, tried = ['a']) => {
    const calls = callsBy(60, (n) => (n < 20 || n >= 28 ? {} : { tried, answered: false, finalStatus }));
    return setUp(calls, { faults: lost, entries: [] }).codes;
  };

  it('NO_ADVANCE_ON_FAILURE: its silence was the end of the call, as the caller was told', () => {
    assert.deepEqual(codes(408), ['NO_ADVANCE_ON_FAILURE']);
  });

  it('and not where the caller gave up, was told something else, or the call went on', () => {
    assert.deepEqual(codes(null), []);
    assert.deepEqual(codes(487), []);
    assert.deepEqual(codes(503), [], 'the trunk may not be what failed');
    assert.deepEqual(codes(408, ['a', 'b']), []);
  });
});
