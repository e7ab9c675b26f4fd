import type { Endpoint, Evidence, RtpStream, SipMessage } from '../evidence/types.js';

/** What a node announced as its own media address in the SDP of one call. */
interface Announcement {
  callId: string;
  atMs: number;
}

/** Evidence sorted for finding the media of one call. */
export interface StreamIndex {
  /** Streams that a node received, by place (see placeOf). */
  received: ReadonlyMap<string, RtpStream[]>;
  /** Streams that a node sent, by place. */
  sent: ReadonlyMap<string, RtpStream[]>;
  /** By place, in order of time. */
  announced: ReadonlyMap<string, Announcement[]>;
}

const placeOf = (node: string, { address, port }: Endpoint): string => `${node} ${address}:${port}`;

function append<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}

export function indexStreams({ sip, rtp }: Evidence): StreamIndex {
  const received = new Map<string, RtpStream[]>();
  const sent = new Map<string, RtpStream[]>();
  const announced = new Map<string, Announcement[]>();
  for (const stream of rtp) {
    if (stream.sent) append(sent, placeOf(stream.node, stream.src), stream);
    else append(received, placeOf(stream.node, stream.dst), stream);
  }
  for (const { seen, sdp, callId } of sip)
    if (sdp && seen.sent) append(announced, placeOf(seen.node, sdp), { callId, atMs: seen.atMs });
  for (const announcements of announced.values()) announcements.sort((a, b) => a.atMs - b.atMs);
  return { received, sent, announced };
}

/** RTP that one node received (`to`) or sent (`from`) for a call, at the addresses it announced in that call. */
export function callStreams(
  index: StreamIndex,
  messages: readonly SipMessage[],
  node: string,
  way: 'to' | 'from',
): RtpStream[] {
  const places = new Map<string, { callId: string; fromMs: number }>();
  for (const { seen, sdp, callId } of messages) {
    if (!sdp || !seen.sent || seen.node !== node) continue;
    const place = placeOf(node, sdp);
    if (!places.has(place)) places.set(place, { callId, fromMs: seen.atMs });
  }
  return [...places].flatMap(([place, { callId, fromMs }]) => {
    // A port is used again by later calls: what comes after the next announcement belongs to that.
    const next = index.announced.get(place)?.find((other) => other.callId !== callId && other.atMs > fromMs);
    const untilMs = next?.atMs ?? Infinity;
    const streams = (way === 'to' ? index.received : index.sent).get(place) ?? [];
    return streams.filter(
      ({ atMs }) => (atMs[0] ?? Infinity) < untilMs && (atMs.at(-1) ?? -Infinity) >= fromMs,
    );
  });
}
