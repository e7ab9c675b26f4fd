import type { Endpoint } from '../../evidence/types.js';
import { groupedBy } from './grouping.js';
import type { FieldStream } from './source.js';
import type { Announcement, CallStream, Party } from './types.js';

/** A stream, or the part of it in [fromMs, toMs), and the call that it's of. */
export interface Assigned extends Pick<CallStream, 'towards' | 'hop' | 'by'> {
  stream: FieldStream;
  call: number;
  fromMs: number;
  toMs: number;
}

/** What of an announcement gives streams to its call. */
export type AnnouncedPlace = Pick<Announcement, 'call' | 'atMs' | 'side' | 'hop'> & {
  sdp: Pick<Announcement['sdp'], 'address' | 'port'>;
};

/** Media may be seen this long before the SDP that announces it. */
const EARLY_MS = 5000;
/** A sender that moved to another address goes on at once. */
const MOVED_WITHIN_MS = 3000;

const placeOf = ({ address, port }: Endpoint): string => `${address} ${port}`;
const opposite = (party: Party): Party => (party === 'caller' ? 'callee' : 'caller');

/**
 * Gives each stream to the call whose SDP announced where it goes, or else from where it comes; a port that a later
 * call announces anew is that call's from then on. What no SDP announced is given by continuity: it comes back on the
 * very ports of a stream that is a call's (symmetric RTP), both its ports are a call's and only the addresses were
 * translated, or it goes on with the SSRC of a stream that is.
 */
export function assignStreams(
  streams: readonly FieldStream[],
  announcements: readonly AnnouncedPlace[],
): { assigned: Assigned[]; loose: FieldStream[] } {
  const byPlace = groupedBy(announcements, ({ sdp }) => placeOf(sdp));
  const byPort = groupedBy(announcements, ({ sdp }) => sdp.port);
  const sides = new Map<number, ReadonlySet<string>>();
  const owners = new Map<string, Owners>();
  const given = new Given();
  let loose: FieldStream[] = [];
  for (const stream of streams) {
    const ends = endsOf(stream.src, stream.dst);
    const known = owners.get(ends) ?? ownersOf(stream, byPlace);
    owners.set(ends, known);
    const parts = bySdp(stream, known);
    for (const part of parts) given.add(part);
    if (parts.length === 0) loose.push(stream);
  }
  // Twice: what is found in the first round may be what the second finds another by.
  for (let round = 0; round < 2; round++) {
    const still: FieldStream[] = [];
    for (const stream of loose) {
      const found = byContinuity(stream, given) ?? byPorts(stream, byPort, sides);
      if (found) given.add(found);
      else still.push(stream);
    }
    loose = still;
  }
  return { assigned: given.all.sort((a, b) => a.stream.firstMs - b.stream.firstMs), loose };
}

const endsOf = (src: Endpoint, dst: Endpoint): string => `${placeOf(src)} ${placeOf(dst)}`;

/** Streams that have a call, in the order in which they got it: there may be tens of thousands, so they are found by key. */
class Given {
  readonly all: Assigned[] = [];
  private readonly byEnds = new Map<string, Assigned[]>();
  private readonly bySsrc = new Map<number, Assigned[]>();

  add(one: Assigned): void {
    const { src, dst, ssrc } = one.stream;
    const ends = endsOf(src, dst);
    this.all.push(one);
    const [alike, same] = [this.byEnds.get(ends), this.bySsrc.get(ssrc)];
    if (alike) alike.push(one);
    else this.byEnds.set(ends, [one]);
    if (same) same.push(one);
    else this.bySsrc.set(ssrc, [one]);
  }

  between(src: Endpoint, dst: Endpoint): readonly Assigned[] {
    return this.byEnds.get(endsOf(src, dst)) ?? [];
  }

  withSsrc(ssrc: number): readonly Assigned[] {
    return this.bySsrc.get(ssrc) ?? [];
  }
}

/** Whose the streams between two places are, one call after another, and which of the places tells. */
interface Owners {
  by: 'both-ends' | 'destination' | 'source';
  calls: AnnouncedPlace[];
}

function ownersOf({ src, dst }: FieldStream, byPlace: ReadonlyMap<string, AnnouncedPlace[]>): Owners {
  const toKnown = byPlace.get(placeOf(dst)) ?? [];
  const fromKnown = byPlace.get(placeOf(src)) ?? [];
  // Some phones have one port for all of their calls: the other end tells which it is.
  const senders = new Set(fromKnown.map(({ call }) => call));
  const both = toKnown.filter(({ call }) => senders.has(call));
  const known = [both, toKnown, fromKnown].find(({ length }) => length > 0) ?? [];
  const by = known === both ? 'both-ends' : known === toKnown ? 'destination' : 'source';
  return { by, calls: known.filter(({ call }, i) => known[i - 1]?.call !== call) };
}

function bySdp(stream: FieldStream, { by, calls }: Owners): Assigned[] {
  const parts: Assigned[] = [];
  for (const [i, { atMs, side, call, hop }] of calls.entries()) {
    const fromMs = i === 0 ? atMs - EARLY_MS : atMs;
    const toMs = calls[i + 1]?.atMs ?? Infinity;
    if (stream.lastMs < fromMs || stream.firstMs >= toMs) continue;
    parts.push({ stream, call, hop, towards: by === 'source' ? opposite(side) : side, by, fromMs, toMs });
  }
  return parts;
}

function byContinuity(stream: FieldStream, given: Given): Assigned | null {
  const [from, to] = [placeOf(stream.src), placeOf(stream.dst)];
  const answered = given
    .between(stream.dst, stream.src)
    .find(
      ({ stream: other, fromMs, toMs }) =>
        Math.max(other.firstMs, fromMs) - EARLY_MS <= stream.lastMs &&
        Math.min(other.lastMs, toMs) + EARLY_MS >= stream.firstMs,
    );
  if (answered) return { ...answered, stream, towards: opposite(answered.towards), by: 'symmetric' };
  const continued = given
    .withSsrc(stream.ssrc)
    .find(
      ({ stream: other }) =>
        (placeOf(other.dst) === to || placeOf(other.src) === from) &&
        Math.abs(stream.firstMs - other.lastMs) <= MOVED_WITHIN_MS,
    );
  return continued ? { ...continued, stream, by: 'ssrc' } : null;
}

/** Both ports are those that two sides of one hop announced: addresses were translated one to one. */
function byPorts(
  stream: FieldStream,
  byPort: ReadonlyMap<number, AnnouncedPlace[]>,
  sides: Map<number, ReadonlySet<string>>,
): Assigned | null {
  const sideOf = ({ call, hop, side }: AnnouncedPlace) => `${call} ${hop} ${side}`;
  const senders = sides.get(stream.src.port) ?? new Set(byPort.get(stream.src.port)?.map(sideOf));
  sides.set(stream.src.port, senders);
  const owner = byPort
    .get(stream.dst.port)
    ?.findLast(
      (one) =>
        one.atMs - EARLY_MS <= stream.firstMs && senders.has(sideOf({ ...one, side: opposite(one.side) })),
    );
  if (!owner) return null;
  const { call, hop, side } = owner;
  return { stream, call, hop, towards: side, by: 'ports', fromMs: -Infinity, toMs: Infinity };
}
