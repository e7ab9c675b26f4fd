import { count } from '../../base/count.js';
import { primaryTrunk } from '../../measures/path.js';
import { isDown } from '../../measures/truth.js';
import { isSameNumber, type NumbersMeasure } from '../../measures/numbers.js';
import type { CallMeasure, TrunkAttempt } from '../../measures/types.js';
import { CITED } from '../../evidence/cite.js';
import { citeLast } from '../cite-calls.js';
import type { Case, RankedDiagnosis } from './case.js';

/** Lost calls that make it more than one call's bad luck (own). */
const KEPT = 2;

export const diagnoseInbound = (subject: Case): RankedDiagnosis[] => [
  ...notFailedOver(subject),
  ...callerIdLost(subject),
];

/** Answers that are the callee's own: another way would not change them. */
const isOfCallee = (status: number | null): boolean => status === 486 || status === 600 || status === 603;

/**
 * INBOUND_NOT_FAILED_OVER: while the primary was away, calls to the office's own number came by another trunk that was
 * alive, and were lost there.
 */
function notFailedOver({ plan, truth, measures }: Case): RankedDiagnosis[] {
  const primary = primaryTrunk(plan)?.name;
  const byBackup = measures.calls.flatMap((call) => {
    const last = call.attempts.at(-1);
    const isAway = call.attempts.some(({ trunk, atMs }) => trunk === primary && isDown(truth, trunk, atMs));
    if (call.direction !== 'inbound' || !isAway || !last || last.trunk === primary) return [];
    return isDown(truth, last.trunk, last.atMs) ? [] : [{ call, last }];
  });
  const lost = byBackup.filter(({ call, last }) => call.answeredAt === null && !isOfCallee(last.status));
  if (lost.length < KEPT || lost.length * 2 <= byBackup.length) return [];
  const trunks = [...new Set(lost.map(({ last }) => last.trunk))].join(', ');
  const got = [...new Set(lost.map(({ last }) => last.status ?? 'no answer'))].join(', ');
  return [
    {
      code: 'INBOUND_NOT_FAILED_OVER',
      rank: 8,
      summary: `${lost.length} of ${count(byBackup.length, 'call')} that came in by ${trunks} while ${primary ?? 'the primary'} was away got ${got}: the office could be called by ${primary ?? 'the primary'} only.`,
      advice: `Call your own number by ${trunks} while the primary works: its carrier's addresses must be let in, and its calls need a way to the phones, as those of ${primary ?? 'the primary'} have.`,
      evidence: lost.slice(0, CITED).flatMap(({ call, last }) => cite(call, last)),
    },
  ];
}

const cite = (call: CallMeasure, { trunk, evidence: tried, status }: TrunkAttempt) => [
  { ...tried, note: `${call.id} comes by ${trunk}` },
  ...citeLast(call, `gets ${status ?? 'no answer'}`),
];

type Delivered = CallMeasure & { numbers: NumbersMeasure };

/** CALLER_ID_LOST: most calls that come in by one trunk reach the office from another number than they were sent from. */
function callerIdLost({ plan, measures }: Case): RankedDiagnosis[] {
  const inbound = measures.calls.filter(
    (call): call is Delivered => call.direction === 'inbound' && call.numbers !== null,
  );
  return plan.lab.trunks.flatMap(({ name }): RankedDiagnosis[] => {
    const by = inbound.filter(({ trunk }) => trunk === name);
    const lost = by.filter(({ numbers }) => !isSameNumber(numbers.caller));
    const [first] = lost;
    if (!first || lost.length < KEPT || lost.length * 2 <= by.length) return [];
    const others = inbound.filter(({ trunk }) => trunk !== name);
    const kept = others.filter(({ numbers }) => isSameNumber(numbers.caller)).length;
    const elsewhere = others.length === 0 ? '' : ` By other trunks ${kept} of ${others.length} kept it.`;
    const { sent, arrived } = first.numbers.caller;
    return [
      {
        code: 'CALLER_ID_LOST',
        rank: 14,
        summary: `${lost.length} of ${count(by.length, 'call')} that came in by ${name} lost their caller's number: ${sent ?? 'nobody'} became ${arrived ?? 'nobody'}.${elsewhere}`,
        advice: `Compare From and P-Asserted-Identity on both sides of the SBC for ${name}: look for rules that rewrite or strip them, and whether its carrier is trusted.`,
        evidence: lost.slice(0, CITED).flatMap(({ numbers }) => numbers.evidence),
      },
    ];
  });
}
