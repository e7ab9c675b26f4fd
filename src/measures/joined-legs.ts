import type { SipMessage } from '../evidence/types.js';
import type { PlannedCall, PlannedFlow } from '../plan/planned-flow.js';
import type { Plan } from '../plan/types.js';
import { isSameUser } from './field/joining.js';

/** A leg that no plan knows by its Call-ID: a PBX made it, for a call that came to it by another. */
interface MadeLeg {
  callId: string;
  messages: SipMessage[];
  /** Its first INVITE, wherever that was seen first. */
  invite: SipMessage;
}

export interface JoinedLegs {
  /** By the Call-ID that the plan gave a call, in order of time. */
  of: ReadonlyMap<string, MadeLeg[]>;
  /** Legs that are of no call that could be told. */
  loose: MadeLeg[];
}

/** A caller and the last message of its leg: what a PBX made of it began in between. */
interface OpenCall {
  call: PlannedCall;
  flow: PlannedFlow | undefined;
  fromMs: number;
  toMs: number;
  legs: MadeLeg[];
}

/** A PBX that gives a call up tells both sides at about the same time. */
const SLACK_MS = 500;

/**
 * Which legs are of which call, behind a PBX that keeps nothing of the first leg but the numbers. The number of a
 * carrier's subscriber is one call's alone for a while, so that it tells for certain. Calls within the PBX are told by
 * both their numbers or by one of them; of several such calls that is the one that has waited longest.
 * @param sip messages by Call-ID, in order of time
 */
export function joinLegs(plan: Plan, sip: ReadonlyMap<string, SipMessage[]>): JoinedLegs {
  const planned = new Set(plan.calls.map(({ sipCallId }) => sipCallId));
  const flows = new Map(plan.flows.map((flow) => [flow.name, flow]));
  const open = plan.calls.flatMap((call): OpenCall[] => {
    const messages = sip.get(call.sipCallId) ?? [];
    const invite = messages.find(isInitialInvite);
    const last = messages.at(-1);
    if (!invite || !last) return [];
    const toMs = last.seen.atMs + SLACK_MS;
    return [{ call, flow: flows.get(call.flow), fromMs: invite.seen.atMs, toMs, legs: [] }];
  });
  const loose: MadeLeg[] = [];
  for (const leg of madeLegs(sip, planned)) {
    const owner = ownerOf(leg, open);
    if (owner) owner.legs.push(leg);
    else loose.push(leg);
  }
  return { of: new Map(open.map(({ call, legs }) => [call.sipCallId, legs])), loose };
}

const isInitialInvite = ({ method, status, to }: SipMessage): boolean =>
  method === 'INVITE' && status === null && to.tag === null;

function madeLegs(sip: ReadonlyMap<string, SipMessage[]>, planned: ReadonlySet<string>): MadeLeg[] {
  return [...sip]
    .flatMap(([callId, messages]) => {
      const invite = planned.has(callId) ? undefined : messages.find(isInitialInvite);
      return invite ? [{ callId, messages, invite }] : [];
    })
    .sort((a, b) => a.invite.seen.atMs - b.invite.seen.atMs);
}

/** The call whose numbers say most; then one that has no leg yet, or none that lives; then the one placed first. */
function ownerOf(leg: MadeLeg, open: readonly OpenCall[]): OpenCall | null {
  const { atMs } = leg.invite.seen;
  const candidates = open
    .filter(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs)
    .map((one) => ({
      one,
      likeness: likeness(leg, one),
      waits: one.legs.every((made) => hasFailed(made, atMs)),
    }))
    .filter(({ likeness: likely }) => likely > 0);
  const [best] = candidates.sort(
    (a, b) => b.likeness - a.likeness || Number(b.waits) - Number(a.waits) || a.one.fromMs - b.one.fromMs,
  );
  return best?.one ?? null;
}

function likeness({ invite }: MadeLeg, { call, flow }: OpenCall): number {
  const caller = isSameUser(invite.from.user, call.callerNumber);
  const callee = isSameUser(calledUser(invite), call.dialled);
  if ((flow?.subscriber === 'caller' && caller) || (flow?.subscriber === 'callee' && callee)) return 3;
  if (flow?.subscriber) return 0;
  return Number(caller) + Number(callee);
}

/** Whom an INVITE is for: the user of its Request-URI, or of To. */
export function calledUser({ requestUri, to }: SipMessage): string | null {
  const user = /^sips?:([^@;:]+)@/i.exec(requestUri ?? '')?.[1];
  return user === undefined ? to.user : decodeURIComponent(user);
}

const hasFailed = ({ messages }: MadeLeg, atMs: number): boolean =>
  messages.some(
    ({ method, status, seen }) => method === 'INVITE' && (status ?? 0) >= 300 && seen.atMs <= atMs,
  );
