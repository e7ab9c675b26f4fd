import { cite } from '../evidence/cite.js';
import type { Evidence, SipMessage } from '../evidence/types.js';
import type { PlannedCall } from '../plan/planned-flow.js';
import type { Plan } from '../plan/types.js';
import { trunkAttempts } from './attempts.js';
import { callStreams, indexStreams, type StreamIndex } from './streams.js';
import { joinLegs, type JoinedLegs } from './joined-legs.js';
import { dnsLookups, type Lookup } from './lookups.js';
import { isBehindPbx, partyOf, picksUpAtOnce } from './party.js';
import type { CallMeasure, Party } from './types.js';

/** Evidence sorted by call, worked out once. */
export interface CallEvidence {
  plan: Plan;
  /** By Call-ID, in order of time; under the Call-ID of the plan those of the legs that a PBX made of the call, too. */
  sip: ReadonlyMap<string, SipMessage[]>;
  /** Those legs, by the Call-ID of the plan. */
  made: JoinedLegs['of'];
  /** Legs that are of no call that could be told. */
  loose: JoinedLegs['loose'];
  streams: StreamIndex;
  trunkOf: ReadonlyMap<string, string>;
  /** Questions to nameservers, by time. */
  lookups: readonly Lookup[];
}

export function indexCalls(plan: Plan, evidence: Evidence): CallEvidence {
  const byCallId = new Map<string, SipMessage[]>();
  for (const message of [...evidence.sip].sort((a, b) => a.seen.atMs - b.seen.atMs)) {
    const messages = byCallId.get(message.callId);
    if (messages) messages.push(message);
    else byCallId.set(message.callId, [message]);
  }
  const { of: made, loose } = joinLegs(plan, byCallId);
  const sip = new Map(byCallId);
  for (const [callId, legs] of made) {
    if (legs.length === 0) continue;
    const messages = [...(sip.get(callId) ?? []), ...legs.flatMap((leg) => leg.messages)];
    sip.set(
      callId,
      messages.sort((a, b) => a.seen.atMs - b.seen.atMs),
    );
  }
  const trunkOf = new Map(
    plan.lab.trunks.flatMap(({ name, addresses }) => addresses.map((at) => [at, name] as const)),
  );
  return {
    plan,
    sip,
    made,
    loose,
    streams: indexStreams(evidence),
    trunkOf,
    lookups: dnsLookups(evidence.dns),
  };
}

/** Everything about one call but what the ears heard: signalling as the caller's own capture shows it. */
export function measureCall(planned: PlannedCall, index: CallEvidence): CallMeasure {
  const messages = index.sip.get(planned.sipCallId) ?? [];
  const callers = callersOf(index.plan, planned);
  const atCaller = messages.filter(
    ({ seen, callId }) => callers.includes(seen.node) && callId === planned.sipCallId,
  );
  const party = partyOf(index.plan, planned, messages);
  const invite = atCaller.find((m) => m.method === 'INVITE' && m.status === null && m.seen.sent);
  const responses = atCaller.filter((m) => m.method === 'INVITE' && m.status !== null && !m.seen.sent);
  const first = (accept: (status: number, message: SipMessage) => boolean) =>
    responses.find((message) => accept(message.status ?? 0, message));
  const ringing = first((status) => status === 180);
  const answer = first((status) => status >= 200 && status < 300);
  const ringback =
    first((status, { sdp }) => status === 180 || (status === 183 && sdp !== null)) ??
    (picksUpAtOnce(index.plan, planned) ? answer : undefined);
  const final = responses.filter(({ status }) => (status ?? 0) >= 200).at(-1);
  const bye = [atCaller, messages].map((some) => some.find((m) => m.method === 'BYE' && m.status === null));
  const end = bye[0] ?? bye[1] ?? (answer ? undefined : final);
  const attempts =
    planned.direction === 'outbound'
      ? trunkAttempts(messages, index.trunkOf)
      : callers.flatMap((node) => inboundAttempt(node, index, atCaller));
  const carried = attempts.findLast(({ status }) => status !== null && status < 300) ?? attempts.at(-1);
  return {
    id: planned.id,
    flow: planned.flow,
    direction: planned.direction,
    sipCallId: planned.sipCallId,
    party,
    trunk: carried?.trunk ?? null,
    attempts,
    inviteAt: invite?.seen.atMs ?? null,
    firstProvisionalAt: first((status) => status > 100 && status < 200)?.seen.atMs ?? null,
    ringbackAt: ringback?.seen.atMs ?? null,
    ringbackKind: !ringback || ringback === answer ? null : ringback === ringing ? 'local' : 'early-media',
    // A 180 makes the phone ring by itself; a tone in early media has yet to be heard. What picks up at once is heard.
    audibleRingbackAt: (ringback === answer ? answer : ringing)?.seen.atMs ?? null,
    answeredAt: answeredAt(answer, party, isBehindPbx(index.plan, planned)),
    digits: null,
    numbers: null,
    codecs: null,
    endedAt: end?.seen.atMs ?? lastSeen(planned, messages, index),
    finalStatus: final?.status ?? null,
    ears: null,
    oneWay: null,
    deadAir: null,
    oneWayAtEnd: null,
    evidence: [
      ...(invite ? [cite(invite, 'INVITE leaves the caller')] : []),
      ...(ringback ? [cite(ringback, `${ringback.status} reaches the caller`)] : []),
      ...(final ? [cite(final, `${final.status} reaches the caller`)] : []),
      ...(end && end !== final ? [cite(end, 'BYE')] : []),
    ],
  };
}

function answeredAt(answer: SipMessage | undefined, party: Party | null, behindPbx: boolean): number | null {
  if (!answer || (behindPbx && !party)) return null;
  return behindPbx && party ? Math.max(answer.seen.atMs, party.answeredAt) : answer.seen.atMs;
}

/** The node that places a call and, for one that it can't deliver, the carrier that does so in its place. */
const callersOf = (plan: Plan, { caller, flow: name }: PlannedCall): string[] => {
  const alternate = plan.flows.find((flow) => flow.name === name)?.alternate;
  return [caller, ...(alternate ? [alternate.from] : [])];
};

/** An inbound call comes by the trunk of the carrier that placed it. */
function inboundAttempt(node: string, { plan }: CallEvidence, atCallers: readonly SipMessage[]) {
  const trunk = plan.lab.trunks.find(({ carrier }) => carrier === node);
  const own = atCallers.filter(({ method, seen }) => method === 'INVITE' && seen.node === node);
  const invite = own.find(({ status, seen }) => status === null && seen.sent);
  const final = own.findLast(({ status, seen }) => (status ?? 0) >= 200 && !seen.sent);
  if (!trunk || !invite) return [];
  const note = `INVITE from ${trunk.name}`;
  return [
    {
      trunk: trunk.name,
      atMs: invite.seen.atMs,
      status: final?.status ?? null,
      evidence: cite(invite, note),
    },
  ];
}

function lastSeen(
  planned: PlannedCall,
  messages: readonly SipMessage[],
  { streams }: CallEvidence,
): number | null {
  const media = callStreams(streams, messages, planned.caller, 'to').map(
    ({ atMs }) => atMs.at(-1) ?? -Infinity,
  );
  const lastMs = Math.max(messages.at(-1)?.seen.atMs ?? -Infinity, ...media);
  return Number.isFinite(lastMs) ? lastMs : null;
}

/** The node that answers a call: the carrier that took it, or the phone of an inbound flow. Null if none can be told. */
export function answeringNode(plan: Plan, call: CallMeasure): string | null {
  if (call.party) return call.party.node;
  if (call.direction === 'outbound')
    return plan.lab.trunks.find(({ name }) => name === call.trunk)?.carrier ?? null;
  return plan.flows.find(({ name }) => name === call.flow)?.to ?? null;
}

/** The node at one ear of a call. */
export function earNode(plan: Plan, call: CallMeasure, ear: 'caller' | 'callee'): string | null {
  if (ear === 'callee') return answeringNode(plan, call);
  // An inbound call is talked by the carrier that delivered it.
  const carrier = plan.lab.trunks.find(({ name }) => name === call.trunk)?.carrier;
  if (call.direction === 'inbound' && carrier !== undefined) return carrier;
  return plan.calls.find(({ id }) => id === call.id)?.caller ?? null;
}
