import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Direction } from '../audio/signature.js';
import { writeWav } from '../audio/write-wav.js';
import { readWav } from '../evidence/wav.js';
import type { Plan } from '../plan/types.js';
import { recordingName, scenarioFiles } from '../runfolder/layout.js';
import type { CallEvidence } from './calls.js';
import { callPayloads, compareEars, earStreams, timeUp, type Ear } from './ears.js';
import { hearEar } from './hearing/ear.js';
import { renderEar } from './hearing/jitter-buffer.js';
import { firstRingback } from './hearing/ringback.js';
import type { OtherKey } from './hearing/suspects.js';
import type { Interval } from './intervals.js';
import { keyOf } from './party.js';
import { later, softphoneZeroMs } from './softphone.js';
import type { CallMeasure, EarMeasure } from './types.js';

/** The fixed jitter buffer that stands for a phone's (docs/measures.md §3). */
const BUFFER_MS = 50;
const RATE_HZ = 8000;

/** Adds to a call what was heard in it. */
export type HearCall = (
  call: CallMeasure,
  among: CallEvidence,
  calls: readonly CallMeasure[],
) => Promise<CallMeasure>;

/**
 * Listens to calls as their parties did, and leaves the recordings in `audio/` of the scenario's folder. What is
 * judged is what was read back from there, so that a recording always shows what its verdict rests on.
 */
export async function startHearing(scenarioFolder: string): Promise<HearCall> {
  await mkdir(scenarioFiles(scenarioFolder).audio, { recursive: true });
  return async (call, index, calls) => {
    const audibleRingbackAt = hearRingback(call, index);
    const up = timeUp(call);
    // Without a party there's one side only, and the voice of a PBX is none of ours.
    if (!up || isAnsweredByPbx(index.plan, call)) return { ...call, audibleRingbackAt };
    const hear = (ear: Ear) => recordEar(scenarioFolder, call, ear, up, index, calls);
    const ears = { caller: await hear('caller'), callee: await hear('callee') };
    const { oneWay, deadAir, oneWayAtEnd } = compareEars(ears.caller, ears.callee, up);
    return { ...call, audibleRingbackAt, ears, oneWay, deadAir, oneWayAtEnd };
  };
}

const isAnsweredByPbx = ({ flows }: Plan, { flow: name }: CallMeasure): boolean =>
  flows.find((flow) => flow.name === name)?.answers === 'pbx';

/** The first of a 180, at which the phone rings by itself, and a ringback tone in what the caller received. */
function hearRingback(call: CallMeasure, index: CallEvidence): number | null {
  const { ringbackKind, ringbackAt, answeredAt, endedAt, audibleRingbackAt: rangLocallyAt } = call;
  const toMs = answeredAt ?? endedAt;
  if (ringbackKind !== 'early-media' || ringbackAt === null || toMs === null) return rangLocallyAt;
  const { audio, fromMs } = renderEar({
    streams: earStreams(call, 'caller', index),
    payloads: callPayloads(call, index),
    fromMs: ringbackAt,
    toMs,
    bufferMs: BUFFER_MS,
  });
  const toneAt = firstRingback(audio, fromMs);
  if (toneAt === null || rangLocallyAt === null) return toneAt ?? rangLocallyAt;
  return Math.min(toneAt, rangLocallyAt);
}

async function recordEar(
  scenarioFolder: string,
  call: CallMeasure,
  ear: Ear,
  up: Interval,
  index: CallEvidence,
  calls: readonly CallMeasure[],
): Promise<EarMeasure> {
  const [expected, own] = voices(ear);
  const input = {
    streams: earStreams(call, ear, index),
    payloads: callPayloads(call, index),
    fromMs: up.startMs,
    toMs: up.endMs,
    bufferMs: BUFFER_MS,
    expectedKey: keyOf(index.plan, call, expected),
    ownKey: keyOf(index.plan, call, own),
    otherKeys: otherKeys(index.plan, call, up, calls),
  };
  const rendered = renderEar(input);
  const isRecorded = rendered.packets.received > 0;
  const recording = recordingName(call.id, ear);
  if (isRecorded) await writeWav(join(scenarioFolder, recording), rendered.audio, RATE_HZ);
  const audio = isRecorded ? await readBack(join(scenarioFolder, recording)) : rendered.audio;
  // A softphone's voice is counted from where it began to play it, not from the lab's epoch.
  const zeroMs = ear === 'caller' ? softphoneZeroMs(call, index) : 0;
  const heard = later(
    hearEar(
      { ...input, fromMs: input.fromMs - zeroMs, toMs: input.toMs - zeroMs },
      { ...rendered, audio, fromMs: rendered.fromMs - zeroMs },
    ),
    zeroMs,
  );
  return {
    class: heard.class,
    heardShare: heard.heardShare,
    outages: heard.outages,
    delayMs: heard.delayMs,
    choppiness: heard.choppiness,
    echo: heard.echo,
    tone: heard.tone,
    loss: heard.loss,
    mos: heard.mos,
    recording: isRecorded ? recording : null,
    packets: heard.packets,
    heardCall: heard.heardCall,
    segments: heard.segments,
  };
}

async function readBack(path: string): Promise<Int16Array> {
  const { samples } = await readWav(path);
  return Int16Array.from(samples, (sample) => Math.round(sample * 32768));
}

/** Whose voice an ear should hear, and its own. */
const voices = (ear: Ear): [expected: Direction, own: Direction] =>
  ear === 'caller' ? ['from-callee', 'from-caller'] : ['from-caller', 'from-callee'];

/** Both voices of every other call that was up at some time of this one. */
function otherKeys(plan: Plan, call: CallMeasure, up: Interval, calls: readonly CallMeasure[]): OtherKey[] {
  return calls
    .filter((other) => {
      const time = timeUp(other);
      return other.id !== call.id && time !== null && time.startMs < up.endMs && time.endMs > up.startMs;
    })
    .flatMap((other) =>
      (['from-caller', 'from-callee'] as const).map((voice) => ({
        call: other.id,
        key: keyOf(plan, other, voice),
      })),
    );
}
