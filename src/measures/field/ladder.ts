import { cite } from '../../evidence/cite.js';
import type { EvidenceRef, SipMessage } from '../../evidence/types.js';
import type { LadderMessage } from './types.js';

/** Two captures' sightings of one message lie closer than this, T1's half (RFC 3261 §17.1.1.1: T1 is 500 ms). */
const ONE_MESSAGE_MS = 250;
/** The same bytes again so soon are no retransmission: the frame was captured on two interfaces. */
const COPY_MS = 10;

/**
 * The messages of one Call-ID, each once: sightings in several captures are joined, and so are copies in one.
 * @param messages in order of time, on one clock
 */
export function ladderOf(messages: readonly SipMessage[], callerTag: string | null): LadderMessage[] {
  const ladder: LadderMessage[] = [];
  const byKey = new Map<string, LadderMessage[]>();
  for (const message of messages) {
    const key = messageKey(message);
    const known = byKey.get(key) ?? [];
    const same = known.findLast((earlier) => isSame(earlier, message));
    if (same) {
      same.sights.push(cite(message));
      continue;
    }
    const entry = entryOf(message, callerTag);
    ladder.push(entry);
    known.push(entry);
    byKey.set(key, known);
  }
  return ladder;
}

/** What is the same in every sighting of a message, and in its retransmissions. */
export function messageKey({ src, dst, method, status, cseq, branch, from, to }: SipMessage): string {
  return [src.address, src.port, dst.address, dst.port, method, status, cseq, branch, from.tag, to.tag].join(
    ' ',
  );
}

function isSame(earlier: LadderMessage, { seen }: SipMessage): boolean {
  const lastHere = earlier.sights.findLast(({ file }) => file === seen.file);
  if (lastHere) return seen.atMs - (lastHere.atMs ?? -Infinity) < COPY_MS;
  return seen.atMs - earlier.atMs < ONE_MESSAGE_MS;
}

function entryOf(message: SipMessage, callerTag: string | null): LadderMessage {
  const { seen, src, dst, status, reason, method, cseq, branch, sdp, dtmf, retransmission, from } = message;
  const fromCaller = callerTag === null ? null : (from.tag === callerTag) === (status === null);
  return {
    atMs: seen.atMs,
    src,
    dst,
    request: status === null ? method : null,
    status,
    reason,
    method,
    cseq,
    branch,
    towards: fromCaller === null ? null : fromCaller ? 'callee' : 'caller',
    sdp,
    dtmf,
    retransmission,
    sights: [cite(message)],
  };
}

/** Points at a message. */
export function citeMessage({ sights, request, status }: LadderMessage, note?: string): EvidenceRef {
  const what = request ?? String(status);
  return { ...sights[0]!, note: note ?? what };
}
