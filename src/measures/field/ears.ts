import { unpacked } from '../../evidence/packed-stream.js';
import type { RtpStream } from '../../evidence/types.js';
import { hearActivity } from '../hearing/activity.js';
import { mergeDigits, type ToldDigit } from '../hearing/dtmf/digits.js';
import { eventDigits } from '../hearing/dtmf/events.js';
import { inBandDigits } from '../hearing/dtmf/in-band.js';
import { Frame, FRAME_MS, type RenderedEar } from '../hearing/jitter-buffer.js';
import { listen } from '../hearing/listen.js';
import type { BufferLength } from '../hearing/scheduling.js';
import { renderAnyEar } from '../hearing/opus.js';
import type { OtherKey } from '../hearing/suspects.js';
import type { Interval } from '../intervals.js';
import type { PayloadNames } from './payloads.js';
import { placeOfEar, type CapturePoints } from './points.js';
import { qualityOf } from './quality.js';
import type { CapturePlace, FieldEar, Party, PlayedStream } from './types.js';

/** Smallest hole that can be told from loss (docs/measures.md §2). */
const SMALLEST_HOLE_MS = 240;
const SAMPLES_PER_MS = 8;

/** Signatures that may be in the audio of one ear. */
export interface EarKeys {
  expectedKey: Buffer;
  ownKey: Buffer;
  otherKeys: readonly OtherKey[];
}

export interface EarInput {
  party: Party;
  streams: readonly PlayedStream[];
  points: CapturePoints;
  /** What the call's SDPs say of payload types. */
  names: PayloadNames;
  /** From the first media on; what is recorded. */
  recorded: Interval;
  /** What is judged: within `recorded`. */
  judged: Interval;
  keys: EarKeys | null;
  /** The jitter buffer that stands for a phone's. */
  bufferMs: BufferLength;
  /** Digits that SIP INFO told this party. */
  infoDigits: readonly ToldDigit[];
}

const ENCRYPTED = {
  sdes: 'encrypted media (SRTP, RFC 3711, keys by RFC 4568): not heard',
  dtls: 'encrypted media (SRTP, RFC 3711, keys by DTLS): not heard',
  other: 'encrypted media (SRTP, RFC 3711): not heard',
};

/** What one ear got, as far as the captures reach, and all that was played. Null if no media is to be seen. */
export async function hearFieldEar(input: EarInput): Promise<{ ear: FieldEar; whole: RenderedEar } | null> {
  const nearest = nearestStreams(input);
  const [first] = nearest;
  if (!first) return null;
  const streams: RtpStream[] = nearest.map(({ stream }) => unpacked(stream));
  const { recorded, judged, points, keys, names } = input;
  const rendered = await renderAnyEar({
    streams,
    fromMs: recorded.startMs,
    toMs: recorded.endMs,
    bufferMs: input.bufferMs,
    payloads: names,
  });
  const whole = first.encryption ? unheard(rendered, ENCRYPTED[first.encryption]) : rendered;
  const part = partOf(whole, judged);
  const heard = keys && listen({ ...keys, ...part });
  const byVoice = heard !== null && heard.heardShare !== null && whole.undecodable === null ? heard : null;
  // A stream of a type that nobody named may have been audio: then nothing played doesn't mean nothing sent.
  const isUnknown = whole.codec === null && nearest.some(({ codec }) => codec === null);
  const activity = isUnknown || byVoice ? null : hearActivity(part);
  const found = byVoice ?? activity;
  const networkMs = byVoice?.delayMs ?? networkDelayMs(first, input.streams);
  const mouthToEarMs = networkMs === null ? null : networkMs + whole.bufferMs;
  const ear: FieldEar = {
    ...placeOfEar(first, points),
    heard: judged,
    judgedBy: byVoice ? 'signature' : 'activity',
    class: found?.class ?? null,
    unheard: found ? null : (whole.undecodable ?? 'no SDP says what its payload types mean'),
    heardShare: byVoice?.heardShare ?? null,
    activeShare: activity?.activeShare ?? null,
    tone: found?.tone ?? null,
    segments: found?.segments ?? [],
    digits: mergeDigits(
      first.encryption ? [] : eventDigits(streams, names),
      found ? inBandDigits(part.audio, part.fromMs) : [],
      input.infoDigits,
    ),
    audioHoles: byVoice?.outages ?? (activity ? emptyTimes(part) : []),
    delayMs: byVoice?.delayMs ?? null,
    mouthToEarMs,
    bufferMs: whole.bufferMs,
    choppiness: byVoice?.choppiness ?? null,
    echo: byVoice?.echo ?? null,
    ...qualityOf(part, mouthToEarMs),
    packets: whole.packets,
  };
  return { ear, whole };
}

/** What can't be heard sounds like nothing. */
const unheard = (rendered: RenderedEar, undecodable: string): RenderedEar => ({
  ...rendered,
  audio: new Int16Array(rendered.audio.length),
  undecodable,
});

/** A packet is sent when it is full. */
const PACKET_MS = 20;

/**
 * From mouth to jitter buffer by RTCP: half of the round trip from the capture to the receiver and of that to the sender,
 * and the length of a packet.
 */
function networkDelayMs(stream: PlayedStream, all: readonly PlayedStream[]): number | null {
  const { file, src, dst, roundTripMs } = stream;
  const back = all.find(
    (one) =>
      one.roundTripMs !== null &&
      one.file === file &&
      one.src.address === dst.address &&
      one.dst.address === src.address,
  );
  if (roundTripMs === null || !back) return null;
  return (roundTripMs + back.roundTripMs!) / 2 + PACKET_MS;
}

const NEARNESS: readonly CapturePlace[] = ['at-ear', 'between', 'at-sender'];

/** Media towards the party on the hop that is nearest to it, from the capture that is nearest to it. */
function nearestStreams({ party, streams, points }: EarInput): PlayedStream[] {
  const towards = streams.filter((one) => one.towards === party);
  const hops = towards.map(({ hop }) => hop);
  const hop = party === 'caller' ? Math.min(...hops) : Math.max(...hops);
  const here = towards.filter((one) => one.hop === hop);
  const nearness = (one: PlayedStream) => NEARNESS.indexOf(placeOfEar(one.stream, points).place);
  const [best] = [...here].sort((a, b) => nearness(a) - nearness(b));
  return here.filter(({ stream }) => stream.file === best?.stream.file);
}

/** The frames of a rendered ear that lie in `interval`. */
export function partOf(whole: RenderedEar, { startMs, endMs }: Interval): RenderedEar {
  const first = Math.max(0, Math.ceil((startMs - whole.fromMs) / FRAME_MS));
  const end = Math.max(first, Math.floor((endMs - whole.fromMs) / FRAME_MS));
  const samples = FRAME_MS * SAMPLES_PER_MS;
  return {
    ...whole,
    audio: whole.audio.subarray(first * samples, end * samples),
    flags: whole.flags.subarray(first, end),
    packetFlags: whole.packetFlags.subarray(first, end),
    fromMs: whole.fromMs + first * FRAME_MS,
  };
}

/** When there was nothing to play for at least 240 ms. */
function emptyTimes({ flags, fromMs }: RenderedEar): Interval[] {
  const empty: Interval[] = [];
  flags.forEach((flag, i) => {
    if (flag === Frame.received || flag === Frame.noise) return;
    const startMs = fromMs + i * FRAME_MS;
    const last = empty.at(-1);
    if (last?.endMs === startMs) last.endMs += FRAME_MS;
    else empty.push({ startMs, endMs: startMs + FRAME_MS });
  });
  return empty.filter(({ startMs, endMs }) => endMs - startMs >= SMALLEST_HOLE_MS);
}
