import type { SipMessage } from '../evidence/types.js';
import type { TrunkAttempt } from './types.js';

const isFirstInvite = ({ method, status, to }: SipMessage): boolean =>
  method === 'INVITE' && status === null && to.tag === null;

/**
 * Tries of trunks in one outbound call, in order: each INVITE to an address of a carrier, told apart by the branch of
 * its topmost Via. A capture at the sender's side shows those too that never arrived; where there is one, only
 * responses that came back to it count.
 * @param messages the call's, in order of time
 * @param trunkOf trunk by address of its carrier
 */
export function trunkAttempts(
  messages: readonly SipMessage[],
  trunkOf: ReadonlyMap<string, string>,
): TrunkAttempt[] {
  const sights = new Map<string, { trunk: string; invites: SipMessage[] }>();
  for (const message of messages) {
    const trunk = trunkOf.get(message.dst.address);
    if (trunk === undefined || !isFirstInvite(message)) continue;
    const key = `${trunk} ${message.branch ?? ''} ${message.cseq}`;
    const known = sights.get(key);
    if (known) known.invites.push(message);
    else sights.set(key, { trunk, invites: [message] });
  }
  return [...sights.values()].flatMap(({ trunk, invites }) => {
    const [first] = invites;
    if (!first) return [];
    const atSender = invites.filter(({ seen }) => seen.sent);
    const files = new Set((atSender.length > 0 ? atSender : invites).map(({ seen }) => seen.file));
    const final = messages.find(
      ({ status, method, cseq, branch, seen }) =>
        status !== null &&
        status >= 200 &&
        method === 'INVITE' &&
        cseq === first.cseq &&
        branch === first.branch &&
        files.has(seen.file),
    );
    const { file, frame, atMs } = first.seen;
    return [
      {
        trunk,
        atMs,
        status: final?.status ?? null,
        evidence: { file, frame, atMs, note: `INVITE to ${trunk}` },
      },
    ];
  });
}
