import type { EvidenceRef } from '../../evidence/types.js';
import { groupedBy } from './grouping.js';
import { citeMessage } from './ladder.js';
import type { Join, LadderMessage, Leg } from './types.js';

/** A B2BUA begins its second leg while the first waits; own choice, generous for a database look-up. */
const SAME_TIME_MS = 3000;
/** Digits at the end that two spellings of a number share: national against international. */
const SHARED_DIGITS = 7;
const SHORTEST_TOKEN = 8;

/** A leg that was seen beginning. */
interface OpenedLeg extends Leg {
  invite: LadderMessage;
}

/**
 * Which legs are of one call, over B2BUAs. An address for media that is passed on joins for certain, and so does a
 * header that names the other Call-ID; a value that two legs alone share makes it likely; the same user at the same
 * time only if there's no other leg that it could be.
 */
export function joinLegs(legs: readonly Leg[]): Join[] {
  const opened = legs.flatMap((leg): OpenedLeg[] => {
    const invite = leg.hops[0]?.invites[0];
    return invite ? [{ ...leg, invite }] : [];
  });
  const joins: Join[] = [];
  const joined = new Map<string, string>();
  const root = (callId: string): string => {
    const parent = joined.get(callId);
    return parent === undefined ? callId : root(parent);
  };
  for (const join of [
    ...byMedia(opened),
    ...byHeader(opened),
    ...byUserAndTime(opened, (leg) => joins.some(({ to }) => to === leg.callId)),
  ]) {
    if (root(join.from) === root(join.to)) continue;
    joined.set(root(join.to), root(join.from));
    joins.push(join);
  }
  return joins;
}

/** A B2BUA that passes an address for media on: what came to it in one leg, it announces in another at once. */
function byMedia(legs: readonly OpenedLeg[]): Join[] {
  const told = legs.flatMap((leg) => {
    const messages = leg.messages.filter(({ sdp }) => sdp && sdp.port !== 0 && sdp.address !== '0.0.0.0');
    const first = new Map(messages.map((message) => [placeIn(message), message] as const).reverse());
    return [...first].map(([place, message]) => ({ place, leg, message }));
  });
  return [...groupedBy(told, ({ place }) => place)].flatMap(([place, sights]) => {
    const passed = sights.flatMap((one) =>
      sights.filter((other) => isPassedOn(one.message, other.message)).map((other) => ({ one, other })),
    );
    // Some phones have one port for all of their calls: then it tells nothing.
    const isUnique = ({ one, other }: (typeof passed)[number]) =>
      passed.filter((pair) => pair.one === one || pair.other === other).length === 1;
    return passed.filter(isUnique).map(({ one, other }) => ({
      ...joinOf(one.leg, other.leg, 'media', 'certain', `media at ${place} is passed on`),
      evidence: [citeMessage(one.message), citeMessage(other.message)],
    }));
  });
}

const placeIn = ({ sdp }: LadderMessage): string => `${sdp!.address}:${sdp!.port}`;

function isPassedOn(one: LadderMessage, other: LadderMessage): boolean {
  const laterMs = other.atMs - one.atMs;
  return (
    other.src.address === one.dst.address &&
    other.src.address !== one.src.address &&
    laterMs >= 0 &&
    laterMs <= SAME_TIME_MS
  );
}

function byHeader(legs: readonly OpenedLeg[]): Join[] {
  const joins: Join[] = [];
  const byCallId = new Map(legs.map((leg) => [leg.callId, leg]));
  const byValue = new Map<string, OpenedLeg[]>();
  for (const leg of legs)
    for (const [name, value] of leg.headers) {
      const named = tokensOf(value)
        .map((token) => byCallId.get(token))
        .find((other) => other && other !== leg);
      if (named) joins.push(joinOf(named, leg, 'header', 'certain', `its ${name} names the other's Call-ID`));
      for (const token of new Set(tokensOf(value)))
        if (token.length >= SHORTEST_TOKEN)
          byValue.set(`${name} ${token}`, [...(byValue.get(`${name} ${token}`) ?? []), leg]);
    }
  for (const [key, sharing] of byValue) {
    const [first, second, third] = sharing;
    if (!first || !second || third) continue;
    if (second.invite.atMs - first.invite.atMs > SAME_TIME_MS) continue;
    joins.push(joinOf(first, second, 'header', 'likely', `they alone share a value of ${key.split(' ')[0]}`));
  }
  return joins;
}

const tokensOf = (value: string): string[] => [value, ...value.split(/[\s;,="]+/)].filter(Boolean);

/** What left the host where the first leg went, meanwhile, for or by the same user, if nothing else did. */
function byUserAndTime(legs: readonly OpenedLeg[], isJoined: (leg: Leg) => boolean): Join[] {
  const byTarget = new Map<string, OpenedLeg[]>();
  for (const leg of legs) {
    const { address } = leg.hops.at(-1)!.to;
    byTarget.set(address, [...(byTarget.get(address) ?? []), leg]);
  }
  const candidates = legs
    .filter((leg) => !isJoined(leg))
    .flatMap((leg) =>
      (byTarget.get(leg.invite.src.address) ?? [])
        .filter((before) => isMeanwhile(before, leg))
        .flatMap((before) => {
          const reason = sharedUser(before, leg);
          return reason === null ? [] : [{ before, leg, ...reason }];
        }),
    );
  return candidates
    .filter(
      ({ before, leg }) =>
        candidates.filter((other) => other.before === before || other.leg === leg).length === 1,
    )
    .map(({ before, leg, sure, reason }) => joinOf(before, leg, 'user-and-time', sure, reason));
}

function isMeanwhile(before: OpenedLeg, leg: OpenedLeg): boolean {
  const laterMs = leg.invite.atMs - before.invite.atMs;
  return before.callId !== leg.callId && laterMs >= 0 && laterMs <= SAME_TIME_MS;
}

function sharedUser(a: Leg, b: Leg): { sure: 'likely' | 'possible'; reason: string } | null {
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

function joinOf(from: OpenedLeg, to: OpenedLeg, by: Join['by'], sure: Join['sure'], reason: string): Join {
  const evidence: EvidenceRef[] = [citeMessage(from.invite), citeMessage(to.invite)];
  return from.invite.atMs <= to.invite.atMs
    ? { from: from.callId, to: to.callId, by, sure, reason, evidence }
    : { from: to.callId, to: from.callId, by, sure, reason, evidence };
}
