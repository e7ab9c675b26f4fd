import type { SipBook } from '../../evidence/sip-book.js';
import { announcementsOf } from './announcements.js';
import type { AnnouncedPlace } from './assignment.js';
import { joinLegs, sketchOf, type LegSketch } from './joining.js';
import { legsOf } from './legs.js';
import { callsOf, signallingOf, type CallLegs, type Signalling } from './signalling.js';

/** The calls of captures, and a count of the SIP that isn't of calls. */
export function joinedCalls(sip: SipBook): { calls: CallLegs[]; otherSip: Record<string, number> } {
  const sketches: LegSketch[] = [];
  const { legs, otherSip } = legsOf(sip, (leg) => {
    const sketch = sketchOf(leg);
    if (sketch) sketches.push(sketch);
  });
  return { calls: callsOf(legs, joinLegs(sketches)), otherSip };
}

/** What has to be known of all calls before one of them can be listened to. */
export interface Survey {
  /** In order of time. */
  places: AnnouncedPlace[];
  /** Numbers of the calls that were answered. */
  answered: number[];
  /** All that the signalling tells, call by call: empty unless it's asked for, as it's much. */
  signalled: Signalling[];
}

/** Reads the signalling of all calls, and keeps little of it. */
export function surveyOf(calls: readonly CallLegs[], keepsAll: boolean): Survey {
  const survey: Survey = { places: [], answered: [], signalled: [] };
  for (const call of calls) {
    const signalling = signallingOf(call);
    if (signalling.answeredAt !== null) survey.answered.push(call.number);
    if (keepsAll) survey.signalled.push(signalling);
    for (const { call: number, atMs, side, hop, sdp } of announcementsOf(signalling))
      survey.places.push({ call: number, atMs, side, hop, sdp: { address: sdp.address, port: sdp.port } });
  }
  survey.places.sort((a, b) => a.atMs - b.atMs);
  return survey;
}
