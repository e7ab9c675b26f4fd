import { heldTimesOf } from './announcements.js';
import type { Assigned } from './assignment.js';
import { playedStream, withoutPackets } from './call-streams.js';
import { hearFieldEar, partOf, type EarKeys } from './ears.js';
import { hearEarlyMedia } from './early-media.js';
import { infoDigitsTo } from './info-digits.js';
import { listeningTime } from './listening-time.js';
import { payloadNames } from './payloads.js';
import type { CapturePoints } from './points.js';
import type { Signalling } from './signalling.js';
import { sliceStream } from './slice.js';
import type { ReadGroup } from './source.js';
import type { Announcement, BothAudio, FieldCall, Party, PlayedStream } from './types.js';

/** A call of which only the packets are missing. */
export interface FoundCall {
  signalling: Signalling;
  announcements: Announcement[];
  assigned: Assigned[];
}

/** A call with its packets, as long as they are at hand, and its audio. */
export interface HeardCall {
  call: FieldCall;
  streams: PlayedStream[];
  audio: BothAudio | null;
}

/** Listens to a call as far as the captures reach. */
export async function hearCall(
  { signalling, announcements, assigned }: FoundCall,
  read: ReadGroup['streams'],
  points: CapturePoints,
  keys: Record<Party, EarKeys> | null,
): Promise<HeardCall> {
  const names = payloadNames(announcements);
  const streams = assigned.flatMap((one) => {
    const packets = read.get(one.stream.key);
    const part = packets && sliceStream(packets, one.fromMs, one.toMs);
    return part ? [playedStream(part, one, names)] : [];
  });
  const { endedAt, answeredAt, inviteAt } = signalling;
  const endMs = endedAt ?? Math.max(lastMessageOf(signalling), ...streams.map(({ lastAt }) => lastAt));
  const firstMs = Math.min(...streams.map(({ firstAt }) => firstAt));
  const { recorded, judged } = listeningTime(firstMs, answeredAt, endMs);
  const hear = (party: Party) =>
    hearFieldEar({
      party,
      streams,
      points,
      names,
      recorded,
      judged,
      keys: keys?.[party] ?? null,
      infoDigits: infoDigitsTo(party, signalling.legs),
    });
  const [caller, callee] = [await hear('caller'), await hear('callee')];
  const earlyTime = { startMs: recorded.startMs, endMs: answeredAt ?? recorded.endMs };
  const early = caller && inviteAt !== null ? partOf(caller.whole, earlyTime) : null;
  const call: FieldCall = {
    ...signalling,
    ...hearEarlyMedia(signalling, early),
    heldTimes: heldTimesOf(announcements, endMs),
    announcements,
    streams: streams.map(withoutPackets),
    ears: { caller: caller?.ear ?? null, callee: callee?.ear ?? null },
    recording: null,
  };
  const audio = { caller: caller?.whole.audio ?? null, callee: callee?.whole.audio ?? null };
  return { call, streams, audio: caller || callee ? audio : null };
}

const lastMessageOf = ({ legs }: Signalling): number =>
  Math.max(...legs.map(({ messages }) => messages.at(-1)?.atMs ?? -Infinity));
