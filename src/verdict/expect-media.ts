import { count } from '../base/count.js';
import { timeUp } from '../measures/ears.js';
import { holeMs } from '../measures/holes.js';
import { percentile } from '../measures/percentile.js';
import type { CallMeasure } from '../measures/types.js';
import type { PlannedExpectation } from '../plan/planned-expectation.js';
import { citeCalls } from './cite-calls.js';
import { invalid, type Finding } from './finding.js';
import type { ScopedCalls } from './scope.js';
import { figure, inSeconds, satisfies } from './words.js';

type Of<K extends PlannedExpectation['kind']> = Extract<PlannedExpectation, { kind: K }>;

const SHARES = { p95: 0.95, max: 1 } as const;

function lastedMs(call: CallMeasure): number {
  const up = timeUp(call);
  return up ? up.endMs - up.startMs : Infinity;
}

/** Calls are followed from their answer to their end, whatever phase that falls into. */
export function judgeHoles({ statistic, bound }: Of<'hole-in-call'>, { calls, where }: ScopedCalls): Finding {
  const answered = calls.filter(({ answeredAt }) => answeredAt !== null);
  if (answered.length === 0) return invalid(`No call was answered${where}, so none could have a hole.`);
  // Who can't be listened to, for one who was up too briefly, may have had a hole for all that time.
  const holes = answered.map((call) => ({ call, ms: holeMs(call), mostMs: lastedMs(call) }));
  const unknown = holes.filter(({ ms, mostMs }) => ms === null && !satisfies(mostMs, bound)).length;
  if (unknown > 0) return invalid(`${count(unknown, 'answered call')}${where} could not be listened to.`);
  const sorted = holes.map(({ call, ms }) => ({ call, ms: ms ?? 0 })).sort((a, b) => b.ms - a.ms);
  const measured = percentile(
    sorted.map(({ ms }) => ms),
    SHARES[statistic],
  );
  if (measured === null) return invalid(`No call was answered${where}, so none could have a hole.`);
  const worst = sorted.filter(({ ms }) => ms > 0).map(({ call }) => call);
  return {
    verdict: satisfies(measured, bound) ? 'pass' : 'fail',
    measured,
    summary: `${worst.length} of ${count(answered.length, 'answered call')}${where} had a hole in which a side was not heard; the ${statistic} is ${inSeconds(measured)}.`,
    evidence: citeCalls(worst, 'was not heard for longest'),
  };
}

/** RTP that came too late to be played, over all that came, at both ears. */
export function judgeLate({ bound }: Of<'late-packets'>, { calls, where }: ScopedCalls): Finding {
  const ears = calls.flatMap((call) =>
    call.ears === null
      ? []
      : [call.ears.caller, call.ears.callee].flatMap(({ packets }) =>
          packets ? [{ call, ...packets }] : [],
        ),
  );
  const received = ears.reduce((sum, ear) => sum + ear.received, 0);
  if (received === 0) return invalid(`No RTP reached an ear${where}, so none could be late.`);
  const late = ears.reduce((sum, ear) => sum + ear.late, 0);
  const measured = late / received;
  const worst = ears.filter((ear) => ear.late > 0).sort((a, b) => b.late / b.received - a.late / a.received);
  return {
    verdict: satisfies(measured, bound) ? 'pass' : 'fail',
    measured,
    summary: `${figure(measured, 'share')} of ${count(received, 'RTP packet')}${where} came too late to be played.`,
    evidence: citeCalls(
      worst.map(({ call }) => call),
      'got most of them late',
    ),
  };
}
