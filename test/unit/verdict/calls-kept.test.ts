import assert from 'node:assert/strict';
import type { CallMeasure } from '../../../src/measures/types.js';
import { judge } from '../../../src/verdict/judge.js';
import * as fixture from '../../fixtures/measures.js';
import { call, callsBy, ear } from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';

const all = { operator: '>=', value: 1 } as const;
const none = { operator: '<=', value: 0 } as const;
const kept = { by: 'desk', restMs: 0, evidence: [{ file: 'captures/desk.sbc.pcap', frame: 9 }] };
const byTheSbc = { by: 'sbc', restMs: 3000, evidence: [{ file: 'captures/sbc.desk.pcap', frame: 7 }] };

function judged(calls: CallMeasure[], of: fixture.ExpectationFields, faults = [cut(1, 90_000, 95_000)]) {
  const plan = fixture.planOf(calls, { faults, expectations: [fixture.expectation(of)] });
  return judge(plan, fixture.journal(plan), fixture.emptyEvidence(plan), fixture.measuresOf(plan, calls));
}
const outcome = (...args: Parameters<typeof judged>) => {
  const { expectations, diagnoses } = judged(...args);
  return [expectations[0]?.verdict, ...diagnoses.map(({ code }) => code)];
};
const keptShare = { kind: 'calls-kept', bound: all } as const;

describe('calls that are ended before their time', () => {
  const good = callsBy(20, () => ({ hangUp: kept }));

  it('fail, with who ended them', () => {
    assert.deepEqual(outcome(good, keptShare), ['pass']);
    const cutShort = good.with(4, { ...good[4]!, hangUp: byTheSbc });
    assert.deepEqual(outcome(cutShort, keptShare), ['fail', 'CALLS_CUT_SHORT']);
    const { expectations, diagnoses } = judged(cutShort, keptShare);
    assert.match(expectations[0]?.summary ?? '', /^19 of 20 .*; sbc ended the others\.$/);
    assert.deepEqual(expectations[0]?.evidence[0]?.frame, 7);
    assert.match(diagnoses[0]?.summary ?? '', /^sbc hung up 1 of 20 .* up to 3 s before/);
  });

  it('are invalid where nobody saw who ended them', () => {
    assert.deepEqual(outcome(good.with(4, { ...good[4]!, hangUp: null }), keptShare), ['invalid']);
  });

  it('are not put down to the system where a fault was on their way', () => {
    const cutShort = good.with(4, { ...good[4]!, hangUp: byTheSbc });
    assert.deepEqual(outcome(cutShort, keptShare, [cut(1, 3000, 4000)]), ['fail']);
  });

  it('blame who ended them, and not the ears, where they were too short to be listened to', () => {
    const untold = ear({ class: 'other-audio', heardShare: null });
    const brief = (n: number, hangUp: CallMeasure['hangUp']) =>
      call(n, {
        endedAt: n * 500 + 2000,
        hangUp: hangUp ?? null,
        ears: { caller: untold, callee: untold },
        oneWay: null,
        deadAir: null,
        oneWayAtEnd: null,
      });
    for (const of of [
      { kind: 'one-way-audio', bound: none },
      { kind: 'dead-air', bound: none },
      { kind: 'heard-share', bound: all },
    ] as const) {
      assert.deepEqual(outcome(good.with(4, brief(4, byTheSbc)), of), ['fail', 'CALLS_CUT_SHORT'], of.kind);
      assert.deepEqual(outcome(good.with(4, brief(4, kept)), of), ['invalid'], of.kind);
    }
    const { expectations } = judged(good.with(4, brief(4, byTheSbc)), { kind: 'dead-air', bound: none });
    assert.match(expectations[0]?.summary ?? '', /because sbc hung up too soon/);
  });
});
