import type { RtpStream } from '../evidence/types.js';
import { difference, intersection, longestMs, union, type Interval } from './intervals.js';
import type { CallEvidence } from './calls.js';
import { earNode } from './calls.js';
import { payloadNames } from './field/payloads.js';
import type { Payloads } from './hearing/formats.js';
import { callStreams } from './streams.js';
import type { CallMeasure, EarMeasure } from './types.js';

/** Smallest hole that can be told from loss at p_up .8 (docs/measures.md §2). */
const SMALLEST_OUTAGE_MS = 240;
/** Seven symbols of 60 ms must agree to tell a signature; they begin anywhere, and concealment may follow. */
const SHORTEST_TO_TELL_MS = 540;
/** An edge of an outage can be promised to −5…+60 ms (docs/measures.md §2, CELP and SILK). */
const EDGE_MS = 60;

export type Ear = 'caller' | 'callee';

/** Everything that arrived at the address which this ear's node announced in this call. */
export function earStreams(call: CallMeasure, ear: Ear, index: CallEvidence): RtpStream[] {
  const node = earNode(index.plan, call, ear);
  return node === null ? [] : callStreams(index.streams, index.sip.get(call.sipCallId) ?? [], node, 'to');
}

/** What the SDPs of a call say of payload types. */
export function callPayloads({ sipCallId }: CallMeasure, index: CallEvidence): Payloads {
  const messages = index.sip.get(sipCallId) ?? [];
  return payloadNames(messages.flatMap(({ sdp }) => (sdp ? [{ sdp }] : [])));
}

/** True if the other party's voice was never there; false also where that can't be known (see `isMeasured`). */
export const neverHeard = ({ heardShare }: EarMeasure): boolean => heardShare === 0;

const isMeasured = ({ heardShare }: EarMeasure): boolean => heardShare !== null;

/**
 * When this ear did not hear the other party, within the time up. Shorter holes are choppiness. Where nobody was ever
 * recognised, sound that is too short to tell whose it was is held against nobody.
 */
function downTimes(ear: EarMeasure, up: Interval, shortestMs: number): Interval[] {
  if (neverHeard(ear)) {
    const untold = ear.segments.filter(
      ({ fromMs, toMs, class: name }) => name === 'other-audio' && toMs - fromMs < SHORTEST_TO_TELL_MS,
    );
    return difference(
      [up],
      untold.map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs })),
    );
  }
  return union(intersection(ear.outages, [up])).filter(({ startMs, endMs }) => endMs - startMs >= shortestMs);
}

export interface BothEars {
  /** Exactly one ear was down for at least the smallest outage. */
  oneWay: boolean | null;
  /** Both were down at the same time, for at least the smallest outage. */
  deadAir: boolean | null;
  oneWayAtEnd: boolean | null;
  /** When exactly one was down. */
  oneWayTimes: Interval[];
  /** When both were. */
  deadTimes: Interval[];
}

/**
 * Compares the two ears of a call. Both ears see one cut at times that differ by the way from the cut to each, so
 * the stretch in which only one is down must be longer than the smallest outage by the larger delay. An outage that falls
 * short of the smallest by no more than an edge's error still says that this ear was down when the other was.
 */
export function compareEars(caller: EarMeasure, callee: EarMeasure, up: Interval): BothEars {
  if (!isMeasured(caller) || !isMeasured(callee))
    return { oneWay: null, deadAir: null, oneWayAtEnd: null, oneWayTimes: [], deadTimes: [] };
  const atCaller = downTimes(caller, up, SMALLEST_OUTAGE_MS);
  const atCallee = downTimes(callee, up, SMALLEST_OUTAGE_MS);
  const nearly = (ear: EarMeasure) => downTimes(ear, up, SMALLEST_OUTAGE_MS - EDGE_MS);
  const skewMs = Math.max(0, caller.delayMs ?? 0, callee.delayMs ?? 0);
  const oneWayTimes = [
    ...difference(atCaller, nearly(callee)),
    ...difference(atCallee, nearly(caller)),
  ].filter(({ startMs, endMs }) => endMs - startMs >= SMALLEST_OUTAGE_MS + skewMs);
  const deadTimes = intersection(atCaller, atCallee);
  return {
    oneWay: oneWayTimes.length > 0,
    deadAir: longestMs(deadTimes) >= SMALLEST_OUTAGE_MS,
    oneWayAtEnd: [...atCaller, ...atCallee].some(({ endMs }) => endMs >= up.endMs - EDGE_MS),
    oneWayTimes: union(oneWayTimes),
    deadTimes,
  };
}

/** From answer to end; null for a call that was not answered or whose end nobody saw. */
export function timeUp({ answeredAt, endedAt }: CallMeasure): Interval | null {
  return answeredAt === null || endedAt === null || endedAt <= answeredAt
    ? null
    : { startMs: answeredAt, endMs: endedAt };
}
