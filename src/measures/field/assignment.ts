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
  const assigned: Assigned[] = [];
  let loose: FieldStream[] = [];
  for (const stream of streams) {
    const parts = bySdp(stream, byPlace);
    assigned.push(...parts);
    if (parts.length === 0) loose.push(stream);
  }
  // Twice: what is found in the first round may be what the second finds another by.
  for (let round = 0; round < 2; round++) {
    const still: FieldStream[] = [];
    for (const stream of loose) {
      const found = byContinuity(stream, assigned) ?? byPorts(stream, byPort);
      if (found) assigned.push(found);
      else still.push(stream);
    }
    loose = still;
  }
  return { assigned: assigned.sort((a, b) => a.stream.firstMs - b.stream.firstMs), loose };
}

function bySdp(stream: FieldStream, byPlace: ReadonlyMap<string, AnnouncedPlace[]>): Assigned[] {
  const toKnown = byPlace.get(placeOf(stream.dst)) ?? [];
  const fromKnown = byPlace.get(placeOf(stream.src)) ?? [];
  // Some phones have one port for all of their calls: the other end tells which it is.
  const senders = new Set(fromKnown.map(({ call }) => call));
  const both = toKnown.filter(({ call }) => senders.has(call));
  const known = [both, toKnown, fromKnown].find(({ length }) => length > 0) ?? [];
  const by = known === both ? 'both-ends' : known === toKnown ? 'destination' : 'source';
  const owners = known.filter(({ call }, i) => known[i - 1]?.call !== call);
  return owners.flatMap((owner, i) => {
    const fromMs = i === 0 ? owner.atMs - EARLY_MS : owner.atMs;
    const toMs = owners[i + 1]?.atMs ?? Infinity;
    if (stream.lastMs < fromMs || stream.firstMs >= toMs) return [];
    const towards = by === 'source' ? opposite(owner.side) : owner.side;
    return [{ stream, call: owner.call, hop: owner.hop, towards, by, fromMs, toMs }];
  });
}

function byContinuity(stream: FieldStream, assigned: readonly Assigned[]): Assigned | null {
  const [from, to] = [placeOf(stream.src), placeOf(stream.dst)];
  const answered = assigned.find(
    ({ stream: other, fromMs, toMs }) =>
      placeOf(other.src) === to &&
      placeOf(other.dst) === from &&
      Math.max(other.firstMs, fromMs) - EARLY_MS <= stream.lastMs &&
      Math.min(other.lastMs, toMs) + EARLY_MS >= stream.firstMs,
  );
  if (answered) return { ...answered, stream, towards: opposite(answered.towards), by: 'symmetric' };
  const continued = assigned.find(
    ({ stream: other }) =>
      other.ssrc === stream.ssrc &&
      (placeOf(other.dst) === to || placeOf(other.src) === from) &&
      Math.abs(stream.firstMs - other.lastMs) <= MOVED_WITHIN_MS,
  );
  return continued ? { ...continued, stream, by: 'ssrc' } : null;
}

/** Both ports are those that two sides of one hop announced: addresses were translated one to one. */
function byPorts(stream: FieldStream, byPort: ReadonlyMap<number, AnnouncedPlace[]>): Assigned | null {
  const senders = byPort.get(stream.src.port) ?? [];
  const owner = byPort
    .get(stream.dst.port)
    ?.findLast(
      ({ atMs, call, side, hop }) =>
        atMs - EARLY_MS <= stream.firstMs &&
        senders.some((sender) => sender.call === call && sender.hop === hop && sender.side !== side),
    );
  if (!owner) return null;
  const { call, hop, side } = owner;
  return { stream, call, hop, towards: side, by: 'ports', fromMs: -Infinity, toMs: Infinity };
}
