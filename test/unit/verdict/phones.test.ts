import assert from 'node:assert/strict';
import type { DigitsMeasure } from '../../../src/measures/digits.js';
import type { CallMeasure } from '../../../src/measures/types.js';
import { judge } from '../../../src/verdict/judge.js';
import type { Plan } from '../../../src/plan/types.js';
import * as fixture from '../../fixtures/measures.js';
import { call } from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';
import { flowOf } from '../../fixtures/pbx.js';

const digits = (read: string | null, arrived: Partial<DigitsMeasure['arrived']> = {}): DigitsMeasure => ({
  sent: '47',
  by: 'rfc4733',
  read,
  reads: 'rfc4733',
  arrived: { rfc4733: '', info: '', inband: '', ...arrived },
  evidence: [{ file: 'captures/carrier-b.firewall.pcap', frame: 9 }],
});
const flows = [flowOf({ digits: { text: '47', mode: 'rfc4733' } })];
const allRead = fixture.expectation({ kind: 'digits-read', bound: { operator: '>=', value: 1 } });

function judged(calls: CallMeasure[], overrides: Partial<Plan> = {}) {
  const plan = fixture.planOf(calls, { flows, expectations: [allRead], faults: [], ...overrides });
  return judge(plan, fixture.journal(plan), fixture.emptyEvidence(plan), fixture.measuresOf(plan, calls));
}
const outcome = (...args: Parameters<typeof judged>) => {
  const { expectations, diagnoses } = judged(...args);
  return [expectations[0]?.verdict, ...diagnoses.map(({ code }) => code)];
};
const byA = (n: number, of: DigitsMeasure | null) => call(n, { tried: ['a'], digits: of });
const byB = (n: number, of: DigitsMeasure | null) => call(n, { tried: ['b'], digits: of });

describe('digits, judged', () => {
  it('pass if all were read, and a wrong one among them is none that was read', () => {
    assert.deepEqual(outcome([byA(1, digits('47')), byA(2, digits('47'))]), ['pass']);
    assert.deepEqual(outcome([byA(1, digits('47')), byA(2, digits('4'))]), ['fail', 'DIGITS_NOT_READ']);
  });

  it('are invalid, not failed, where nobody can tell what was read', () => {
    assert.deepEqual(outcome([byA(1, digits('47')), byA(2, digits(null))]), ['invalid']);
    assert.deepEqual(outcome([byA(1, null)]), ['invalid']);
  });

  it('are a mismatch on the backup if the primary reads them, and else no matter of the backup', () => {
    const unread = digits('', { info: '47' });
    const calls = [byA(1, digits('47')), byB(2, unread), byB(3, unread)];
    assert.deepEqual(outcome(calls), ['fail', 'DTMF_MISMATCH_ON_BACKUP']);
    const { summary = '' } = judged(calls).diagnoses[0] ?? {};
    assert.match(summary, /2 of 2 calls by b .*arrived as SIP INFO, and the far end reads RFC 4733 events/);
    assert.deepEqual(outcome([byA(1, unread), byB(2, unread)]), ['fail', 'DIGITS_NOT_READ']);
  });
});

describe('an emergency call', () => {
  const emergency = [flowOf({ emergency: true })];
  const answered = fixture.expectation({ kind: 'answered-share', bound: { operator: '>=', value: 1 } });
  const codes = (calls: CallMeasure[], overrides: Partial<Plan> = {}) =>
    judged(calls, { flows: emergency, expectations: [answered], ...overrides }).diagnoses.map(
      ({ code }) => code,
    );
  const lost = call(4, { answered: false, tried: [], finalStatus: 404, trunk: null, attempts: [] });

  it('that is lost while a trunk is alive comes before everything else', () => {
    assert.equal(codes([call(1), lost])[0], 'EMERGENCY_NOT_ROUTED');
    assert.deepEqual(codes([call(1)]), []);
  });

  it('is the same loss of a call like any other if it is of no emergency number', () => {
    assert.ok(!codes([call(1), lost], { flows: [flowOf({})] }).includes('EMERGENCY_NOT_ROUTED'));
  });

  it('can get nowhere while all trunks are cut', () => {
    const faults = [cut(1, 1000, 4000), cut(2, 1000, 4000, { target: 'sbc--firewall' })];
    assert.ok(!codes([lost], { faults }).includes('EMERGENCY_NOT_ROUTED'));
  });
});
