import type { SipBook, SipDialogs } from '../../evidence/sip-book.js';
import type { SipMessage } from '../../evidence/types.js';
import { ladderOf } from './ladder.js';
import type { Hop, LadderMessage, Leg } from './types.js';

/** Methods that only calls have; others may stand in a dialog of their own (OPTIONS, REGISTER, SUBSCRIBE …). */
const CALL_METHODS = new Set(['INVITE', 'ACK', 'BYE', 'CANCEL', 'PRACK']);

/** A leg of which hardly anything is in memory. */
export interface FoundLeg {
  callId: string;
  /** Its first message. */
  startMs: number;
  dialogs: SipDialogs;
}

/** Reads a leg's messages anew. */
export const readLeg = ({ callId, dialogs }: FoundLeg): Leg => legOf(callId, dialogs.read());

/**
 * Calls' messages by Call-ID, in order of their first, and a count of the SIP that isn't of calls. `see` gets each leg once,
 * while it's in memory.
 */
export function legsOf(
  sip: SipBook,
  see: (leg: Leg) => void,
): { legs: FoundLeg[]; otherSip: Record<string, number> } {
  const legs: FoundLeg[] = [];
  const otherSip: Record<string, number> = {};
  for (const dialogs of sip.dialogs()) {
    const { callId } = dialogs;
    const messages = dialogs.read();
    if (messages.some(({ method }) => CALL_METHODS.has(method))) {
      see(legOf(callId, messages));
      legs.push({ callId, startMs: messages[0]!.seen.atMs, dialogs });
    } else
      for (const { method, status, retransmission } of messages)
        if (status === null && !retransmission) otherSip[method] = (otherSip[method] ?? 0) + 1;
  }
  return { legs, otherSip };
}

function legOf(callId: string, all: SipMessage[]): Leg {
  const opening = all.find(isOpening) ?? null;
  // Who called shows in any message of an INVITE's transaction; an ACK comes from whoever sent the INVITE.
  const telling = opening ?? all.find(({ method }) => method === 'INVITE' || method === 'ACK') ?? null;
  const callerTag = telling?.from.tag ?? null;
  const messages = ladderOf(all, callerTag);
  const { from, to } = telling ?? all[0]!;
  return {
    callId,
    callerTag,
    fromUser: from.user,
    toUser: to.user,
    messages,
    hops: hopsOf(messages, new Set(all.filter(isOpening).map(({ branch, cseq }) => `${branch} ${cseq}`))),
    headers: opening?.headers ?? [],
  };
}

/** An INVITE that sets a call up: it has no tag of the other side yet. */
const isOpening = ({ method, status, to }: SipMessage): boolean =>
  method === 'INVITE' && status === null && to.tag === null;

/** Messages come in order of time, and so do the hops. A response finds its hop by the branch (RFC 3261 §17.1.3). */
function hopsOf(messages: readonly LadderMessage[], openings: ReadonlySet<string>): Hop[] {
  const hops: Hop[] = [];
  const byBranch = new Map<string, Hop>();
  for (const message of messages) {
    const branch = `${message.branch} ${message.cseq}`;
    if (message.method !== 'INVITE' || !openings.has(branch)) continue;
    if (message.request === null) {
      byBranch.get(branch)?.responses.push(message);
      continue;
    }
    const { src, dst } = message;
    let hop = hops.find(({ from, to }) => isSameEndpoint(from, src) && isSameEndpoint(to, dst));
    if (!hop) hops.push((hop = { from: src, to: dst, invites: [], responses: [] }));
    hop.invites.push(message);
    byBranch.set(branch, hop);
  }
  return hops;
}

const isSameEndpoint = (a: Hop['from'], b: Hop['from']): boolean =>
  a.address === b.address && a.port === b.port;
