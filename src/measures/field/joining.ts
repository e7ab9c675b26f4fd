import type { EvidenceRef } from '../../evidence/types.js';
import { groupedBy } from './grouping.js';
import { citeMessage } from './ladder.js';
import type { Join, LadderMessage, Leg } from './types.js';

/** A B2BUA begins its second leg while the first waits; own choice, generous for a database look-up. */
const SAME_TIME_MS = 3000;
/** Digits at the end that two spellings of a number share: national against international. */
const SHARED_DIGITS = 7;
const SHORTEST_TOKEN = 8;

/** What of a leg that was seen beginning tells which other it may be joined to: small, as all are compared. */
export interface LegSketch extends Pick<Leg, 'callId' | 'fromUser' | 'toUser' | 'headers'> {
  /** Its first INVITE. */
  invite: Sight;
  /** Where its last hop went. */
  toAddress: string;
  /** The first message that announced each address for media. */
  media: (Sight & { place: string })[];
}

/** A message, and between which hosts it went. */
interface Sight {
  atMs: number;
  srcAddress: string;
  dstAddress: string;
  evidence: EvidenceRef;
}

/** Null for a leg that wasn't seen beginning. */
export function sketchOf({ callId, fromUser, toUser, headers, hops, messages }: Leg): LegSketch | null {
  const invite = hops[0]?.invites[0];
  if (!invite) return null;
  const media = new Map<string, Sight>();
  for (const message of messages) {
    const { sdp } = message;
    if (!sdp || sdp.port === 0 || sdp.address === '0.0.0.0') continue;
    const place = `${sdp.address}:${sdp.port}`;
    if (!media.has(place)) media.set(place, sightOf(message));
  }
  return {
    callId,
    fromUser,
    toUser,
    headers,
    invite: sightOf(invite),
    toAddress: hops.at(-1)!.to.address,
    media: [...media].map(([place, sight]) => ({ place, ...sight })),
  };
}

function sightOf(message: LadderMessage): Sight {
  const { atMs, src, dst } = message;
  return { atMs, srcAddress: src.address, dstAddress: dst.address, evidence: citeMessage(message) };
}

/**
 * Which legs are of one call, over B2BUAs. An address for media that is passed on joins for certain, and so does a
 * header that names the other Call-ID; a value that two legs alone share makes it likely; the same user at the same
 * time only if there's no other leg that it could be.
 */
export function joinLegs(legs: readonly LegSketch[]): Join[] {
  const joins: Join[] = [];
  const joined = new Map<string, string>();
  const root = (callId: string): string => {
    const parent = joined.get(callId);
    return parent === undefined ? callId : root(parent);
  };
  for (const join of [...byMedia(legs), ...byHeader(legs), ...byUserAndTime(legs)]) {
    if (root(join.from) === root(join.to)) continue;
    joined.set(root(join.to), root(join.from));
    joins.push(join);
  }
  return joins;
}

/** A B2BUA that passes an address for media on: what came to it in one leg, it announces in another at once. */
function byMedia(legs: readonly LegSketch[]): Join[] {
  const told = legs.flatMap((leg) => leg.media.map((sight) => ({ leg, ...sight })));
  return [...groupedBy(told, ({ place }) => place)].flatMap(([place, sights]) => {
    const inOrder = sights.length === 1 ? [] : sights.toSorted((a, b) => a.atMs - b.atMs);
    const passed = inOrder.flatMap((one, i) =>
      soonAfter(inOrder, i)
        .filter((other) => isPassedOn(one, other))
        .map((other) => ({ one, other })),
    );
    // Some phones have one port for all of their calls: then it tells nothing.
    return onlyOnes(passed, ['one', 'other']).map(({ one, other }) => ({
      ...joinOf(one.leg, other.leg, 'media', 'certain', `media at ${place} is passed on`),
      evidence: [one.evidence, other.evidence],
    }));
  });
}

/** Those of the same moment as this one, and those up to SAME_TIME_MS later, itself among them. */
function soonAfter<S extends { atMs: number }>(inOrder: readonly S[], i: number): S[] {
  const { atMs } = inOrder[i]!;
  let [first, end] = [i, i];
  while (first > 0 && inOrder[first - 1]!.atMs === atMs) first--;
  while (end < inOrder.length && inOrder[end]!.atMs - atMs <= SAME_TIME_MS) end++;
  return inOrder.slice(first, end);
}

/** Pairs of which no other has the one or the other. */
function onlyOnes<A extends string, B extends string, P extends Record<A | B, object>>(
  pairs: readonly P[],
  [a, b]: [A, B],
): P[] {
  const ones = groupedBy(pairs, (pair) => pair[a]);
  const others = groupedBy(pairs, (pair) => pair[b]);
  return pairs.filter((pair) => ones.get(pair[a])!.length === 1 && others.get(pair[b])!.length === 1);
}

function isPassedOn(one: Sight, other: Sight): boolean {
  const laterMs = other.atMs - one.atMs;
  return (
    other.srcAddress === one.dstAddress &&
    other.srcAddress !== one.srcAddress &&
    laterMs >= 0 &&
    laterMs <= SAME_TIME_MS
  );
}

function byHeader(legs: readonly LegSketch[]): Join[] {
  const joins: Join[] = [];
  const byCallId = new Map(legs.map((leg) => [leg.callId, leg]));
  const byValue = new Map<string, LegSketch[]>();
  const sharing = (key: string) => {
    let known = byValue.get(key);
    if (!known) byValue.set(key, (known = []));
    return known;
  };
  for (const leg of legs)
    for (const [name, value] of leg.headers) {
      const named = tokensOf(value)
        .map((token) => byCallId.get(token))
        .find((other) => other && other !== leg);
      if (named) joins.push(joinOf(named, leg, 'header', 'certain', `its ${name} names the other's Call-ID`));
      for (const token of new Set(tokensOf(value)))
        if (token.length >= SHORTEST_TOKEN) sharing(`${name} ${token}`).push(leg);
    }
  for (const [key, [first, second, third]] of byValue) {
    if (!first || !second || third) continue;
    if (second.invite.atMs - first.invite.atMs > SAME_TIME_MS) continue;
    joins.push(joinOf(first, second, 'header', 'likely', `they alone share a value of ${key.split(' ')[0]}`));
  }
  return joins;
}

const tokensOf = (value: string): string[] => [value, ...value.split(/[\s;,="]+/)].filter(Boolean);

/** What left the host where the first leg went, meanwhile, for or by the same user, if nothing else did. */
function byUserAndTime(legs: readonly LegSketch[]): Join[] {
  const byTarget = groupedBy(legs, ({ toAddress }) => toAddress);
  const candidates = legs.flatMap((leg) =>
    (byTarget.get(leg.invite.srcAddress) ?? [])
      .filter((before) => isMeanwhile(before, leg))
      .flatMap((before) => {
        const reason = sharedUser(before, leg);
        return reason === null ? [] : [{ before, leg, ...reason }];
      }),
  );
  return onlyOnes(candidates, ['before', 'leg']).map(({ before, leg, sure, reason }) =>
    joinOf(before, leg, 'user-and-time', sure, reason),
  );
}

function isMeanwhile(before: LegSketch, leg: LegSketch): boolean {
  const laterMs = leg.invite.atMs - before.invite.atMs;
  return before.callId !== leg.callId && laterMs >= 0 && laterMs <= SAME_TIME_MS;
}

function sharedUser(a: LegSketch, b: LegSketch): { sure: 'likely' | 'possible'; reason: string } | null {
  const callee = isSameUser(a.toUser, b.toUser);
  const caller = isSameUser(a.fromUser, b.fromUser);
  if (callee && caller)
    return { sure: 'likely', reason: 'the same caller and number, one right after the other' };
  if (callee) return { sure: 'possible', reason: 'the same number, one right after the other' };
  if (caller) return { sure: 'possible', reason: 'the same caller, one right after the other' };
  return null;
}

/** The same user, or two spellings of one number. */
export function isSameUser(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === '' || b === '') return false;
  if (a === b) return true;
  const [one, other] = [a, b].map((user) => user.replace(/[^0-9]/g, ''));
  return (
    one!.length >= SHARED_DIGITS &&
    other!.length >= SHARED_DIGITS &&
    one!.slice(-SHARED_DIGITS) === other!.slice(-SHARED_DIGITS)
  );
}

function joinOf(from: LegSketch, to: LegSketch, by: Join['by'], sure: Join['sure'], reason: string): Join {
  const evidence = [from.invite.evidence, to.invite.evidence];
  return from.invite.atMs <= to.invite.atMs
    ? { from: from.callId, to: to.callId, by, sure, reason, evidence }
    : { from: to.callId, to: from.callId, by, sure, reason, evidence };
}
