import { halveRate } from '../../audio/halving.js';
import { SAMPLES_PER_MS, type RateHz } from '../../audio/source.js';
import type { HeardClass, Outage } from '../types.js';
import type { ToneName } from './call-progress.js';
import { choppinessOf, type Choppiness } from './choppiness.js';
import { besideOf } from './crosstalk.js';
import { edgeNear } from './edges.js';
import { Frame, FRAME_MS } from './jitter-buffer.js';
import { joinOutages } from './joining.js';
import { downRuns, type DownRun } from './outages.js';
import {
  heardFrames,
  presence,
  PRESENCE_HOP_MS,
  strongestOf,
  typicalPower,
  type Presence,
} from './presence.js';
import { SignatureCode } from './signature-code.js';
import { classifyStretch, mergeSegments, type Segment, type Stretch } from './stretches.js';
import { Suspects, type OtherKey } from './suspects.js';
import { delayBeside, Tape, trackDelays, type TrackedDelay } from './tracking.js';

export interface ListenInput {
  /** What came out of the jitter buffer while the call was up. */
  audio: Int16Array;
  /** Default 8000. At 16000 it is brought to 8000 first, where the signature's tones fall on bins. */
  rateHz?: RateHz;
  /** Lab time of its first sample. */
  fromMs: number;
  /** As of `renderEar`. */
  flags: Uint8Array;
  /** The jitter buffer that it went through. */
  bufferMs: number;
  /** Signature of the other party. */
  expectedKey: Buffer;
  /** Signature that this party sends itself. */
  ownKey: Buffer;
  /** Signatures of other calls that were up meanwhile. */
  otherKeys: readonly OtherKey[];
}

/**
 * What was heard. Outages and segments are in the mouth's time (when what was or wasn't heard was said: the ear's less
 * the mouth-to-ear delay), so that both directions of a call compare; one that was seen for 240 ms at the end has the end
 * of the audio as its end. `heardShare` and `delayMs` are null for less than 2 s of audio, which is too short to tell.
 */
export interface Heard {
  class: HeardClass;
  heardShare: number | null;
  outages: Outage[];
  delayMs: number | null;
  /** Holes shorter than an outage; null for less than 2 s of audio, or where the signature was never found. */
  choppiness: Choppiness | null;
  /**
   * This party's own voice, instead of the other's or beside it: `delayMs` after it was said, jitter buffer left out.
   * The class is `echo` only where it was heard instead.
   */
  echo: { delayMs: number } | null;
  /** Another call that was heard, beside the expected signature or instead of it at any time. */
  heardCall: string | null;
  /** Call-progress tone that was heard instead of the signature at any time. */
  tone: ToneName | null;
  segments: Segment[];
}

const SHORTEST_MS = 2000;

/** What is said in the last moments of a call comes after its end: an outage seen for less than this isn't drawn out. */
const LASTING_MS = 240;

/** In order of preference: the first that holds anywhere is the class of the whole. */
const ORDER: readonly HeardClass[] = [
  'correct',
  'crosstalk',
  'other-stream',
  'echo',
  'tone',
  'other-audio',
  'comfort-noise',
  'silence',
  'nothing',
];

/** Judges by ear: what did this party hear of the other? */
export function listen(input: ListenInput): Heard {
  const { fromMs, bufferMs } = input;
  const audio = input.rateHz === 16_000 ? halveRate(input.audio) : input.audio;
  const tape = new Tape(audio, fromMs, bufferMs);
  const code = new SignatureCode(input.expectedKey, fromMs - tape.maxDelayMs, tape.toMs);
  const suspects = {
    others: new Suspects(input.otherKeys, fromMs, tape.toMs, tape.maxDelayMs),
    own: new Suspects([{ call: 'own', key: input.ownKey }], fromMs, tape.toMs, tape.maxDelayMs),
  };
  const delays = trackDelays(tape, code);
  const delayMs = median(delays.map((tracked) => tracked.delayMs));
  const shiftMs = delayMs ?? bufferMs;
  const { heardShare, outages: parts, heard } = outagesOf(tape, code, delays, shiftMs, input.flags);
  const outages = joinOutages(tape, parts, { code, shiftMs, suspects });

  const stretches = outages.map((outage) => {
    const earFrom = Math.min(outage.startMs + shiftMs, tape.toMs);
    const earTo = Math.min(outage.endMs + shiftMs, tape.toMs);
    return { outage, stretch: classifyStretch(tape, input.flags, suspects, earFrom, earTo) };
  });
  const beside = delayMs === null ? null : besideOf(tape, code, delayMs, suspects);
  const crosstalk = beside?.crosstalk ?? null;
  const segments = segmentsOf(tape, stretches, shiftMs, crosstalk === null ? 'correct' : 'crosstalk');
  const all = stretches.map(({ stretch }) => stretch);
  const echoDelayMs = beside?.echoDelayMs ?? all.find((stretch) => stretch.echoDelayMs !== null)?.echoDelayMs;
  const canTell = tape.toMs - fromMs >= SHORTEST_MS;
  return {
    class: ORDER.find((name) => segments.some((segment) => segment.class === name)) ?? 'nothing',
    heardShare: canTell ? heardShare : null,
    outages: canTell ? outages : [],
    choppiness: canTell && heard !== null ? choppinessOf(heard, outages, fromMs) : null,
    echo: echoDelayMs == null ? null : { delayMs: Math.max(0, echoDelayMs - bufferMs) },
    delayMs: canTell && delayMs !== null ? delayMs - bufferMs : null,
    heardCall: crosstalk ?? all.find((stretch) => stretch.heardCall !== null)?.heardCall ?? null,
    tone: all.find((stretch) => stretch.tone !== null)?.tone ?? null,
    segments,
  };
}

function outagesOf(
  tape: Tape,
  code: SignatureCode,
  delays: readonly TrackedDelay[],
  shiftMs: number,
  flags: Uint8Array,
) {
  const never = { heardShare: 0, outages: [{ startMs: tape.fromMs, endMs: tape.toMs }], heard: null };
  if (delays.length === 0) return never;
  const all = delays.map(({ delayMs }) => delayMs);
  const distinct = all.filter((delay, i) => all.findIndex((other) => Math.abs(other - delay) < 2) === i);
  const heardAt = strongestOf(distinct.map((delay) => presence(tape.audio, tape.fromMs, code, delay)));
  const typical = typicalPower(heardAt);
  if (typical === null) return never;

  const heard = framesHeard(heardAt, typical, shiftMs, tape.audio.length / SAMPLES_PER_MS);
  const mouthTime = (aboutMs: number, side: 'before' | 'after'): number => {
    const earMs = tape.fromMs + edgeNear(heardAt.tone, typical, aboutMs, side);
    return earMs - (delayBeside(delays, earMs, side) ?? shiftMs);
  };
  const down = downRuns(heard, framesMissing(flags, shiftMs, heard.length));
  const endOf = ({ from, to }: DownRun): number => {
    if (to < heard.length) return mouthTime(shiftMs + to * FRAME_MS, 'after');
    return (to - from) * FRAME_MS >= LASTING_MS ? tape.toMs : tape.toMs - shiftMs;
  };
  const outages = down.map((run) => ({
    startMs: run.from === 0 ? tape.fromMs : mouthTime(shiftMs + run.from * FRAME_MS, 'before'),
    endMs: endOf(run),
  }));
  const heardShare = heard.reduce((sum, value) => sum + value, 0) / heard.length;
  return { heardShare, outages, heard };
}

/** 1 for each 20 ms, from when the first word can arrive, in at least half of which the tone was heard. */
function framesHeard(heardAt: Presence, typical: number, startMs: number, endMs: number): Uint8Array {
  const instants = heardFrames(heardAt, typical);
  const perFrame = FRAME_MS / PRESENCE_HOP_MS;
  const frames = new Uint8Array(Math.max(1, Math.floor((endMs - startMs) / FRAME_MS)));
  for (let frame = 0; frame < frames.length; frame++) {
    const first = Math.round((startMs + frame * FRAME_MS) / PRESENCE_HOP_MS + 0.5);
    const hits = instants.subarray(first, first + perFrame).reduce((sum, value) => sum + value, 0);
    frames[frame] = 2 * hits >= perFrame ? 1 : 0;
  }
  return frames;
}

/** 1 for each frame of `framesHeard` for which no packet had come. */
function framesMissing(flags: Uint8Array, startMs: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, frame) => {
    const flag = flags[Math.floor((startMs + (frame + 0.5) * FRAME_MS) / FRAME_MS)];
    return flag === Frame.none || flag === Frame.lost || flag === Frame.late ? 1 : 0;
  });
}

function segmentsOf(
  tape: Tape,
  stretches: { outage: Outage; stretch: Stretch }[],
  shiftMs: number,
  up: HeardClass,
): Segment[] {
  const segments: Segment[] = [];
  let atMs = tape.fromMs;
  for (const { outage, stretch } of stretches) {
    segments.push({ fromMs: atMs, toMs: outage.startMs, class: up });
    const inMouthTime = stretch.segments.map((segment, i, { length }) => ({
      fromMs: i === 0 ? outage.startMs : segment.fromMs - shiftMs,
      toMs: i === length - 1 ? outage.endMs : segment.toMs - shiftMs,
      class: segment.class,
    }));
    segments.push(...inMouthTime);
    atMs = outage.endMs;
  }
  segments.push({ fromMs: atMs, toMs: tape.toMs, class: up });
  return mergeSegments(segments);
}

function median(values: number[]): number | null {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? null;
}
