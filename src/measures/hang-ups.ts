import { cite } from '../evidence/cite.js';
import type { EvidenceRef, SipMessage } from '../evidence/types.js';
import type { CallMeasure } from './types.js';

/** Who ended an answered call, as its caller's own capture shows it. */
export interface HangUp {
  /** The caller's node; else whoever was first seen to send a BYE. */
  by: string;
  /** How much longer its caller would have stayed, ms; 0 if the caller itself hung up, however early. */
  restMs: number;
  evidence: EvidenceRef[];
}

/** A call that ends this much before its time was cut short; own. */
export const CUT_SHORT_MS = 1000;

/**
 * Callers hang up when the time of their call is over, so a BYE that comes to one before that was somebody else's. Null if the
 * call wasn't answered, or the caller met no BYE.
 * @param atCaller what the caller's own capture has of its leg, in order of time
 * @param messages the whole call, at all nodes, in order of time
 */
export function measureHangUp(
  holdMs: number,
  atCaller: readonly SipMessage[],
  messages: readonly SipMessage[],
): HangUp | null {
  const isBye = ({ method, status }: SipMessage) => method === 'BYE' && status === null;
  const answer = atCaller.find(
    ({ method, status, seen }) =>
      method === 'INVITE' && (status ?? 0) >= 200 && (status ?? 0) < 300 && !seen.sent,
  );
  const bye = atCaller.find(isBye);
  if (!answer || !bye) return null;
  if (bye.seen.sent) return { by: bye.seen.node, restMs: 0, evidence: [cite(bye, 'its caller hangs up')] };
  const first = messages.find((message) => isBye(message) && message.seen.sent);
  const by = first?.seen.node ?? bye.src.address;
  return {
    by,
    restMs: Math.max(0, answer.seen.atMs + holdMs - bye.seen.atMs),
    evidence: [
      ...(first ? [cite(first, `BYE leaves ${by}`)] : []),
      cite(bye, 'BYE reaches the caller, who would have stayed'),
    ],
  };
}

/** Somebody other than its caller ended it before its time. Null for a call that was not answered, or whose end nobody saw. */
export function isCutShort({ answeredAt, hangUp }: CallMeasure): boolean | null {
  if (answeredAt === null || !hangUp) return null;
  return hangUp.restMs > CUT_SHORT_MS;
}
