import { announcementsOf, heldTimesOf } from './announcements.js';
import type { Assigned } from './assignment.js';
import { playedStream, withoutPackets } from './call-streams.js';
import type { EarKeys } from './ears.js';
import { infoDigitsTo } from './info-digits.js';
import { encryptionOf } from './encryption.js';
import type { Listened, Listening } from './listening.js';
import { listeningTime } from './listening-time.js';
import { payloadNames } from './payloads.js';
import type { CapturePoints } from './points.js';
import type { RoundTrips } from './round-trips.js';
import { signallingOf, type CallLegs, type Signalling } from './signalling.js';
import { sliceStream } from './slice.js';
import type { ReadGroup } from './source.js';
import type { Announcement, FieldCall, Party, PlayedStream } from './types.js';

/** A call: where to read its signalling, and which streams are its media. */
export interface FoundCall {
  call: CallLegs;
  assigned: Assigned[];
}

/** A call of which only the packets are missing. */
export interface ReadCall {
  signalling: Signalling;
  announcements: Announcement[];
  assigned: Assigned[];
}

export function readCall({ call, assigned }: FoundCall): ReadCall {
  const signalling = signallingOf(call);
  return { signalling, announcements: announcementsOf(signalling), assigned };
}

/** A call with its packets, as long as they are at hand. */
export interface HeardCall {
  call: FieldCall;
  streams: PlayedStream[];
}

/** What captures tell beside the streams of a call. */
export interface Surroundings {
  points: CapturePoints;
  roundTrips: RoundTrips;
}

/** The streams of a call, and what of them is to be listened to. */
export function openCall(
  { signalling, announcements, assigned }: ReadCall,
  read: ReadGroup['streams'],
  { points, roundTrips }: Surroundings,
  keys: Record<Party, EarKeys | null> | null,
): Omit<Listening, 'keepsAudio' | 'bufferMs'> {
  const names = payloadNames(announcements);
  const streams = assigned.flatMap(({ stream, fromMs, toMs, towards, hop, by }) => {
    const packets = read.get(stream.key);
    const part = packets && sliceStream(packets, fromMs, toMs);
    if (!part) return [];
    const encryption = encryptionOf(announcements, { hop, lastMs: stream.lastMs });
    return [playedStream(part, { towards, hop, by, encryption, roundTripMs: roundTrips(stream) }, names)];
  });
  const { answeredAt, inviteAt } = signalling;
  const firstMs = Math.min(...streams.map(({ firstAt }) => firstAt));
  const time = listeningTime(firstMs, answeredAt, endOf(signalling, streams));
  const earlyUntilMs = inviteAt === null ? null : (answeredAt ?? time.recorded.endMs);
  const infoDigits = {
    caller: infoDigitsTo('caller', signalling.legs),
    callee: infoDigitsTo('callee', signalling.legs),
  };
  return { streams, points, names, ...time, keys, infoDigits, earlyUntilMs };
}

/** The call as far as the captures reach. */
export function closeCall(
  { signalling, announcements }: ReadCall,
  { streams, ears, early }: Listened,
): HeardCall {
  // Audible ringback is the 180, at which the phone rings by itself, or a tone in early media: whichever is first.
  const { audibleRingbackAt: rangLocallyAt } = signalling;
  const rangAt = Math.min(early?.ringingAt ?? Infinity, rangLocallyAt ?? Infinity);
  const call: FieldCall = {
    ...signalling,
    audibleRingbackAt: Number.isFinite(rangAt) ? rangAt : null,
    earlyAudio: early?.class ?? null,
    heldTimes: heldTimesOf(announcements, endOf(signalling, streams)),
    announcements,
    streams: streams.map(withoutPackets),
    ears,
    recording: null,
  };
  return { call, streams };
}

const endOf = (signalling: Signalling, streams: readonly PlayedStream[]): number =>
  signalling.endedAt ?? Math.max(lastMessageOf(signalling), ...streams.map(({ lastAt }) => lastAt));

const lastMessageOf = ({ legs }: Signalling): number =>
  Math.max(...legs.map(({ messages }) => messages.at(-1)?.atMs ?? -Infinity));
