import { signatureKey, softphoneKey, type Direction } from '../audio/signature.js';
import type { SipMessage } from '../evidence/types.js';
import type { PlannedCall } from '../plan/planned-flow.js';
import type { Plan } from '../plan/types.js';
import type { CallMeasure, Party } from './types.js';

/**
 * Who answered a call in the end: the phone or carrier that was last seen sending a 2xx to an INVITE of it, other than
 * in its first leg at the caller's own node. Null if none did: then the PBX itself may have.
 */
export function partyOf(plan: Plan, planned: PlannedCall, messages: readonly SipMessage[]): Party | null {
  const talks = new Set(
    plan.lab.nodes.filter(({ role }) => role === 'phone' || role === 'carrier').map(({ name }) => name),
  );
  const answer = messages.findLast(
    ({ method, status, seen, callId, retransmission }) =>
      method === 'INVITE' &&
      status !== null &&
      status >= 200 &&
      status < 300 &&
      seen.sent &&
      !retransmission &&
      talks.has(seen.node) &&
      (seen.node !== planned.caller || callId !== planned.sipCallId),
  );
  return answer ? { node: answer.seen.node, callId: answer.callId, answeredAt: answer.seen.atMs } : null;
}

/** A PBX stands between a call's caller and its party, and may answer by itself first. */
export function isBehindPbx(plan: Plan, planned: PlannedCall): boolean {
  const flow = plan.flows.find(({ name }) => name === planned.flow);
  return plan.lab.nodes.some(({ role }) => role === 'pbx') && flow !== undefined && flow.answers !== 'pbx';
}

/** An IVR or a mailbox answers by itself: its callers needn't hear ringing. */
export function picksUpAtOnce(plan: Plan, planned: PlannedCall): boolean {
  const flow = plan.flows.find(({ name }) => name === planned.flow);
  return flow !== undefined && (flow.answers === 'pbx' || flow.asksForDigits);
}

/**
 * The key of what one side of a call says: of the call's id; of its own leg's Call-ID, where the lab could know no more; or of
 * the node, for a softphone.
 */
export function keyOf(
  { seed, lab }: Plan,
  { id, sipCallId, party }: CallMeasure,
  direction: Direction,
): Buffer {
  if (direction === 'from-caller' || party === null) return signatureKey(seed, id, direction);
  if (lab.nodes.find(({ name }) => name === party.node)?.softphone) return softphoneKey(seed, party.node);
  return signatureKey(seed, party.callId === sipCallId ? id : party.callId, direction);
}
