import type { RtpStream } from '../../evidence/types.js';
import { hearActivity } from '../hearing/activity.js';
import { mergeDigits, type ToldDigit } from '../hearing/dtmf/digits.js';
import { eventDigits } from '../hearing/dtmf/events.js';
import { inBandDigits } from '../hearing/dtmf/in-band.js';
import { Frame, FRAME_MS, type RenderedEar } from '../hearing/jitter-buffer.js';
import { listen } from '../hearing/listen.js';
import { renderAnyEar } from '../hearing/opus.js';
import type { OtherKey } from '../hearing/suspects.js';
import type { Interval } from '../intervals.js';
import type { PayloadNames } from './payloads.js';
import { placeOfEar, type CapturePoints } from './points.js';
import { qualityOf } from './quality.js';
import type { CapturePlace, FieldEar, Party, PlayedStream } from './types.js';

/** The fixed jitter buffer that stands for a phone's (docs/measures.md §3). */
const BUFFER_MS = 50;
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
  /** Digits that SIP INFO told this party. */
  infoDigits: readonly ToldDigit[];
}

/** What one ear got, as far as the captures reach, and all that was played. Null if no media is to be seen. */
export async function hearFieldEar(input: EarInput): Promise<{ ear: FieldEar; whole: RenderedEar } | null> {
  const nearest = nearestStreams(input);
  const [first] = nearest;
  if (!first) return null;
  const streams: RtpStream[] = nearest.map(({ stream }) => stream);
  const { recorded, judged, points, keys, names } = input;
  const whole = await renderAnyEar({
    streams,
    fromMs: recorded.startMs,
    toMs: recorded.endMs,
    bufferMs: BUFFER_MS,
    payloads: names,
  });
  const part = partOf(whole, judged);
  const heard = keys && listen({ ...keys, ...part });
  const byVoice = heard !== null && heard.heardShare !== null && whole.undecodable === null ? heard : null;
  // A stream of a type that nobody named may have been audio: then nothing played doesn't mean nothing sent.
  const isUnknown = whole.codec === null && nearest.some(({ codec }) => codec === null);
  const activity = isUnknown || byVoice ? null : hearActivity(part);
  const found = byVoice ?? activity;
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
      eventDigits(streams, names),
      found ? inBandDigits(part.audio, part.fromMs) : [],
      input.infoDigits,
    ),
    audioHoles: byVoice?.outages ?? (activity ? emptyTimes(part) : []),
    delayMs: byVoice?.delayMs ?? null,
    mos: qualityOf(part, byVoice?.delayMs == null ? null : byVoice.delayMs + BUFFER_MS),
    packets: whole.packets,
  };
  return { ear, whole };
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
