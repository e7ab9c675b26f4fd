import { cite } from '../evidence/cite.js';
import { parseSipAddress } from '../evidence/sip-address.js';
import { firstOfList, header } from '../evidence/sip-headers.js';
import type { EvidenceRef, SipMessage } from '../evidence/types.js';
import { answeringNode, earNode, type CallEvidence } from './calls.js';
import { isSameUser } from './field/joining.js';
import { calledUser } from './joined-legs.js';
import type { CallMeasure } from './types.js';

/** A number at both ends of a call; null where a message has none. */
export interface NumberPair {
  sent: string | null;
  arrived: string | null;
}

/** The numbers of a call, as its caller sent them and as they came to its callee. */
export interface NumbersMeasure {
  caller: NumberPair;
  dialled: NumberPair;
  /** The INVITE at the caller, and that at the callee. */
  evidence: EvidenceRef[];
}

/**
 * Compares the INVITE that left the caller with that which came to the callee. Null where none came. Only of worth where
 * nothing on the way has the job of changing numbers, as a PBX has with extensions.
 */
export function measureNumbers(call: CallMeasure, index: CallEvidence): NumbersMeasure | null {
  const messages = index.sip.get(call.sipCallId) ?? [];
  const [caller, callee] = [earNode(index.plan, call, 'caller'), answeringNode(index.plan, call)];
  const invites = messages.filter(({ method, status }) => method === 'INVITE' && status === null);
  const sent = invites.find(({ seen }) => seen.sent && seen.node === caller);
  const arrived = invites.findLast(
    ({ seen, to }) => !seen.sent && seen.node === callee && seen.node !== caller && to.tag === null,
  );
  if (!sent || !arrived) return null;
  return {
    caller: { sent: callerNumber(sent), arrived: callerNumber(arrived) },
    dialled: { sent: calledUser(sent), arrived: calledUser(arrived) },
    evidence: [
      cite(sent, `${call.id} leaves ${sent.seen.node} from ${callerNumber(sent) ?? 'nobody'}`),
      cite(arrived, `${call.id} comes to ${arrived.seen.node} from ${callerNumber(arrived) ?? 'nobody'}`),
    ],
  };
}

/** Two spellings of one number are the same. */
export const isSameNumber = ({ sent, arrived }: NumberPair): boolean => isSameUser(sent, arrived);

/** Who calls, as a callee is shown it: P-Asserted-Identity (RFC 3325 §9.1), or else From. */
function callerNumber({ headers, from }: SipMessage): string | null {
  const asserted = header(headers, 'p-asserted-identity');
  return (asserted === undefined ? null : parseSipAddress(firstOfList(asserted)).user) ?? from.user;
}
