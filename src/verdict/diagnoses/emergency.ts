import { count } from '../../base/count.js';
import { isDown } from '../../measures/truth.js';
import { citeCalls } from '../cite-calls.js';
import type { Case, RankedDiagnosis } from './case.js';

/** EMERGENCY_NOT_ROUTED: an emergency number was dialled while a trunk was alive, and the call was lost. */
export function diagnoseEmergency({ plan, truth, measures }: Case): RankedDiagnosis[] {
  const flows = new Set(plan.flows.filter(({ emergency }) => emergency).map(({ name }) => name));
  const calls = measures.calls.filter(({ flow, inviteAt }) => flows.has(flow) && inviteAt !== null);
  const lost = calls.filter(
    ({ answeredAt, inviteAt }) =>
      answeredAt === null && plan.lab.trunks.some(({ name }) => !isDown(truth, name, inviteAt ?? 0)),
  );
  if (lost.length === 0) return [];
  const untried = lost.filter(({ attempts }) => attempts.length === 0).length;
  const statuses = [...new Set(lost.map(({ finalStatus }) => finalStatus ?? 'no answer'))].join(', ');
  const where = untried === lost.length ? 'none was sent to any trunk' : `${untried} were sent to no trunk`;
  return [
    {
      code: 'EMERGENCY_NOT_ROUTED',
      rank: 5,
      summary: `${lost.length} of ${count(calls.length, 'emergency call')} did not get through although a trunk was alive: ${where}, and the caller got ${statuses}.`,
      advice:
        'Look the emergency number up in the dial plan as it is dialled, without a prefix, and in its routes.',
      evidence: citeCalls(lost, 'was lost'),
    },
  ];
}
