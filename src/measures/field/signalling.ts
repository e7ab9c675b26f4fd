import type { EvidenceRef } from '../../evidence/types.js';
import { groupedBy } from './grouping.js';
import { citeMessage } from './ladder.js';
import { readLeg, type FoundLeg } from './legs.js';
import type { FieldCall, Hop, Join, LadderMessage, Leg } from './types.js';

/** All of a call that its signalling tells. */
export type Signalling = Pick<
  FieldCall,
  | 'number'
  | 'legs'
  | 'joins'
  | 'from'
  | 'to'
  | 'inviteAt'
  | 'firstProvisionalAt'
  | 'ringbackAt'
  | 'ringbackKind'
  | 'audibleRingbackAt'
  | 'answeredAt'
  | 'endedAt'
  | 'finalStatus'
  | 'finalReason'
  | 'endedBy'
  | 'endedWith'
  | 'evidence'
>;

/** Which legs are of a call. */
export interface CallLegs {
  number: number;
  /** In order of time. */
  legs: FoundLeg[];
  joins: Join[];
}

/** Legs → calls, in order of time. */
export function callsOf(legs: readonly FoundLeg[], joins: readonly Join[]): CallLegs[] {
  const groups = new Map(legs.map((leg) => [leg.callId, [leg]]));
  const joinsFrom = groupedBy(
    joins.map((join, place) => ({ join, place })),
    ({ join }) => join.from,
  );
  for (const { from, to } of joins) {
    const joined = [...groups.get(from)!, ...groups.get(to)!];
    for (const { callId } of joined) groups.set(callId, joined);
  }
  return [...new Set(groups.values())]
    .map((group) => group.sort((a, b) => a.startMs - b.startMs))
    .sort((a, b) => a[0]!.startMs - b[0]!.startMs)
    .map((group, i) => ({
      number: i + 1,
      legs: group,
      joins: group
        .flatMap(({ callId }) => joinsFrom.get(callId) ?? [])
        .sort((a, b) => a.place - b.place)
        .map(({ join }) => join),
    }));
}

/** The hop at the caller's end, and the one that was answered, or tried last, at the callee's. */
function endHops(legs: readonly Leg[]): { caller: Hop | null; callee: Hop | null } {
  const hops = legs.flatMap((leg) => leg.hops);
  return { caller: hops[0] ?? null, callee: hops.findLast(isAnswered) ?? hops.at(-1) ?? null };
}

const isAnswer = ({ status }: LadderMessage): boolean => status !== null && status >= 200 && status < 300;
const isAnswered = ({ responses }: Hop): boolean => responses.some(isAnswer);

/** Reads what a call's legs tell. */
export function signallingOf({ number, legs: found, joins }: CallLegs): Signalling {
  const legs = found.map(readLeg);
  const [first] = legs;
  const hop = endHops(legs).caller;
  const invite = hop?.invites[0];
  const responses = hop?.responses ?? [];
  const ringing = responses.find(({ status }) => status === 180);
  const ringback = responses.find(({ status, sdp }) => status === 180 || (status === 183 && sdp !== null));
  const answer = responses.find(isAnswer);
  const final = responses.findLast(({ status }) => (status ?? 0) >= 200);
  const end = endOf(legs, answer ?? null, final ?? null);
  const evidence: EvidenceRef[] = [invite, ringback, final, end.message]
    .filter((message, i, all): message is LadderMessage => !!message && all.indexOf(message) === i)
    .map((message) => citeMessage(message));
  return {
    number,
    legs,
    joins,
    from: first?.fromUser ?? null,
    to: first?.toUser ?? null,
    inviteAt: invite?.atMs ?? null,
    firstProvisionalAt: responses.find(({ status }) => status! > 100 && status! < 200)?.atMs ?? null,
    ringbackAt: ringback?.atMs ?? null,
    ringbackKind: ringback ? (ringback === ringing ? 'local' : 'early-media') : null,
    // A 180 makes the phone ring by itself; a tone in early media has yet to be heard.
    audibleRingbackAt: ringing?.atMs ?? null,
    answeredAt: answer?.atMs ?? null,
    endedAt: end.message?.atMs ?? null,
    finalStatus: (answer ?? final)?.status ?? null,
    finalReason: (answer ?? final)?.reason ?? null,
    endedBy: end.by,
    endedWith: end.with,
    evidence,
  };
}

interface CallEnd {
  message: LadderMessage | null;
  by: Signalling['endedBy'];
  with: Signalling['endedWith'];
}

/** The first BYE or CANCEL of any leg, or the final response that refused the call. */
function endOf(legs: readonly Leg[], answer: LadderMessage | null, final: LadderMessage | null): CallEnd {
  const ending = (method: string) =>
    legs
      .flatMap((leg) =>
        leg.messages
          .filter(({ request }) => request === method)
          .slice(0, 1)
          .map((message) => ({ leg, message })),
      )
      .sort((a, b) => a.message.atMs - b.message.atMs)[0];
  const bye = ending('BYE');
  if (bye) return { message: bye.message, by: senderOf(legs, bye.leg, bye.message), with: 'BYE' };
  if (answer) return { message: null, by: null, with: null };
  const cancel = ending('CANCEL');
  if (cancel)
    return { message: cancel.message, by: senderOf(legs, cancel.leg, cancel.message), with: 'CANCEL' };
  return final
    ? { message: final, by: 'callee', with: 'final response' }
    : { message: null, by: null, with: null };
}

/** A party, if the request came from the leg's outer end; whatever joins two legs is between. */
function senderOf(legs: readonly Leg[], leg: Leg, { towards }: LadderMessage): Signalling['endedBy'] {
  if (towards === null) return null;
  if (towards === 'callee') return leg === legs[0] ? 'caller' : 'between';
  return leg === legs.at(-1) ? 'callee' : 'between';
}
