import { hearActivity, type Activity } from '../hearing/activity.js';
import type { ToldDigit } from '../hearing/dtmf/digits.js';
import type { BufferLength } from '../hearing/scheduling.js';
import type { Interval } from '../intervals.js';
import { hearFieldEar, partOf, type EarKeys } from './ears.js';
import type { PayloadNames } from './payloads.js';
import type { CapturePoints } from './points.js';
import type { BothAudio, FieldEar, Party, PlayedStream } from './types.js';

/** Two ears to be listened to: data alone, so that another thread can do it. */
export interface Listening {
  streams: PlayedStream[];
  points: CapturePoints;
  names: PayloadNames;
  /** What is played, and what of it is judged. */
  recorded: Interval;
  judged: Interval;
  keys: Record<Party, EarKeys | null> | null;
  bufferMs: BufferLength;
  /** Digits that SIP INFO told each party. */
  infoDigits: Record<Party, readonly ToldDigit[]>;
  /** Early media towards the caller is listened to as well, until then; null for none. */
  earlyUntilMs: number | null;
  /** Whether the audio is asked for. */
  keepsAudio: boolean;
}

export interface Listened {
  /** As they were given. */
  streams: PlayedStream[];
  ears: Record<Party, FieldEar | null>;
  /** What sounded towards the caller before the answer, and when ringing was first heard. */
  early: Pick<Activity, 'class' | 'ringingAt'> | null;
  audio: BothAudio | null;
}

/** The buffers that all the packets of a task are in. */
export const packetsOf = ({ streams }: Pick<Listened, 'streams'>): ArrayBuffer[] =>
  streams.map(({ stream }) => stream.payloads.buffer as ArrayBuffer);

/** Whoever listens: this thread, or others. */
export interface Listeners {
  /** Takes the packets of the streams, and gives them back when it's done. */
  listen(task: Listening): Promise<Listened>;
  /** Resolves when there is room for another task. */
  room(): Promise<void>;
}

/** Listens at once. */
export const THIS_THREAD: Listeners = {
  listen: listenToBoth,
  room: () => Promise.resolve(),
};

/** Listens to both ears of a call. It takes the time that it takes. */
export async function listenToBoth(task: Listening): Promise<Listened> {
  const { keys, infoDigits, earlyUntilMs, recorded, keepsAudio } = task;
  const hear = (party: Party) =>
    hearFieldEar({ ...task, party, keys: keys?.[party] ?? null, infoDigits: infoDigits[party] });
  const [caller, callee] = [await hear('caller'), await hear('callee')];
  const early =
    caller && earlyUntilMs !== null
      ? partOf(caller.whole, { startMs: recorded.startMs, endMs: earlyUntilMs })
      : null;
  const activity = early && early.flags.length > 0 ? hearActivity(early) : null;
  return {
    streams: task.streams,
    ears: { caller: caller?.ear ?? null, callee: callee?.ear ?? null },
    early: activity && { class: activity.class, ringingAt: activity.ringingAt },
    audio:
      keepsAudio && (caller || callee)
        ? { caller: caller?.whole.audio ?? null, callee: callee?.whole.audio ?? null }
        : null,
  };
}
