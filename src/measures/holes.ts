import { compareEars, timeUp } from './ears.js';
import { longestMs, union, type Interval } from './intervals.js';
import type { CallMeasure } from './types.js';

/** When at least one side of a call that was up was not heard; null if that can't be known, or it was never up. */
export function holesOf(call: CallMeasure): Interval[] | null {
  const up = timeUp(call);
  if (!up || !call.ears) return null;
  const { oneWay, oneWayTimes, deadTimes } = compareEars(call.ears.caller, call.ears.callee, up);
  return oneWay === null ? null : union([...oneWayTimes, ...deadTimes]);
}

/** The longest of these in ms, 0 for none. */
export function holeMs(call: CallMeasure): number | null {
  const holes = holesOf(call);
  return holes && longestMs(holes);
}
