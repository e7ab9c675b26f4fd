import type { Interval } from '../intervals.js';
import { union } from '../intervals.js';
import { citeMessage } from './ladder.js';
import type { Signalling } from './signalling.js';
import type { Announcement, Hop, LadderMessage, Leg, Party } from './types.js';

/** Every address for media that a call's SDPs announced, in order of time. Rejected media (port 0) is none. */
export function announcementsOf({ legs, number }: Signalling): Announcement[] {
  const hops = legs.flatMap((leg) => leg.hops);
  return legs
    .flatMap((leg) => leg.messages.map((message) => ({ leg, message })))
    .sort((a, b) => a.message.atMs - b.message.atMs)
    .flatMap(({ leg, message }) => {
      const { sdp, towards, atMs, src, retransmission } = message;
      if (!sdp || sdp.port === 0 || towards === null || retransmission) return [];
      const side: Party = towards === 'callee' ? 'caller' : 'callee';
      const evidence = citeMessage(
        message,
        `SDP of ${message.request ?? message.status}: ${sdp.address}:${sdp.port}`,
      );
      return [{ call: number, atMs, side, hop: hopIndex(hops, leg, message), sdp, by: src, evidence }];
    });
}

/** The hop whose two hosts the message went between, of its own leg if none is. */
function hopIndex(hops: Hop[], leg: Leg, { src, dst }: LadderMessage): number {
  const own = leg.hops.find(
    ({ from, to }) =>
      (from.address === src.address && to.address === dst.address) ||
      (from.address === dst.address && to.address === src.address),
  );
  return Math.max(0, hops.indexOf(own ?? leg.hops[0]!));
}

/**
 * When no media was due towards each party: that side announced `sendonly` or `inactive`, or the address 0.0.0.0 (hold,
 * RFC 3264 §8.4), or the other side `recvonly` or `inactive`.
 */
export function heldTimesOf(
  announcements: readonly Announcement[],
  endMs: number,
): Record<Party, Interval[]> {
  const held = { caller: [] as Interval[], callee: [] as Interval[] };
  announcements.forEach(({ side, sdp, atMs, hop }, i) => {
    const endsAt =
      announcements.find((later, j) => j > i && later.side === side && later.hop === hop)?.atMs ?? endMs;
    const times = { startMs: atMs, endMs: endsAt };
    const other = side === 'caller' ? 'callee' : 'caller';
    if (sdp.direction === 'sendonly' || sdp.direction === 'inactive' || sdp.address === '0.0.0.0')
      held[side].push(times);
    if (sdp.direction === 'recvonly' || sdp.direction === 'inactive') held[other].push(times);
  });
  return { caller: union(held.caller), callee: union(held.callee) };
}
