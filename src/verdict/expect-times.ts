import { count } from '../base/count.js';
import { percentile } from '../measures/percentile.js';
import type { PlacedCall } from '../measures/rows.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { CITED } from '../evidence/cite.js';
import type { Finding } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { inSeconds, satisfies } from './words.js';

type TimeExpectation = Extract<
  PlannedExpectation,
  { kind: 'time-to-ringback' | 'time-to-audible-ringback' | 'time-to-answer' }
>;

const SHARES = { p50: 0.5, p95: 0.95, max: 1 } as const;
const KINDS = {
  'time-to-ringback': { end: (call: PlacedCall) => call.ringbackAt, verb: 'rang' },
  'time-to-audible-ringback': { end: (call: PlacedCall) => call.audibleRingbackAt, verb: 'rang audibly' },
  'time-to-answer': { end: (call: PlacedCall) => call.answeredAt, verb: 'was answered' },
} as const;

/** A call that never rang took for ever: +∞ counts, and shows as null where it is the statistic. */
export function judgeTimes(
  { kind, statistic, bound }: TimeExpectation,
  { calls, where }: ScopedCalls,
): Finding {
  const { end, verb } = KINDS[kind];
  const times = calls.map((call) => {
    const at = end(call);
    return { call, tookMs: at === null ? Infinity : at - call.inviteAt };
  });
  const never = times.filter(({ tookMs }) => tookMs === Infinity).length;
  const value = percentile(
    times.map(({ tookMs }) => tookMs),
    SHARES[statistic],
  );
  const measured = value !== null && Number.isFinite(value) ? value : null;
  const ok = value !== null && satisfies(value, bound);
  const of = `${count(calls.length, 'call')}${where}`;
  const summary =
    measured === null
      ? `${never} of ${of} never ${verb}, so the ${statistic} is endless.`
      : `The ${statistic} of ${of} ${verb} after ${inSeconds(measured)}${never === 0 ? '' : `, and ${never} never did`}.`;
  const worst = times.sort((a, b) => (a.tookMs === b.tookMs ? 0 : b.tookMs - a.tookMs)).slice(0, CITED);
  return {
    verdict: ok ? 'pass' : 'fail',
    measured,
    summary,
    evidence: worst.flatMap(({ call, tookMs }) => {
      const note = `${call.id} ${Number.isFinite(tookMs) ? `${verb} after ${inSeconds(tookMs)}` : `never ${verb}`}`;
      return call.evidence
        .slice(0, 2)
        .map((ref) => ({ ...ref, note: ref.note ? `${note}: ${ref.note}` : note }));
    }),
  };
}
