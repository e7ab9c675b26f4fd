import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Direction } from '../audio/signature.js';
import { writeStereoWav } from '../audio/write-wav.js';
import { readWav } from '../evidence/wav.js';
import type { Plan } from '../plan/types.js';
import { recordingName, scenarioFiles } from '../runfolder/layout.js';
import type { CallEvidence } from './calls.js';
import { callPayloads, compareEars, earStreams, timeUp, type Ear } from './ears.js';
import { hearEar, type EarInput } from './hearing/ear.js';
import { renderEar, type RenderedEar } from './hearing/jitter-buffer.js';
import { firstRingback } from './hearing/ringback.js';
import type { OtherKey } from './hearing/suspects.js';
import type { Interval } from './intervals.js';
import { keyOf } from './party.js';
import { pausesOf, withoutPauses } from './pauses.js';
import { phoneBufferMs } from './phone-buffer.js';
import { later, softphoneZeroMs } from './softphone.js';
import type { CallMeasure, EarMeasure } from './types.js';

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
    const inputs = {
      caller: inputOf(call, 'caller', up, index, calls),
      callee: inputOf(call, 'callee', up, index, calls),
    };
    const rendered = { caller: renderEar(inputs.caller), callee: renderEar(inputs.callee) };
    const recorded = await record(scenarioFolder, call.id, rendered);
    const hear = (ear: Ear) => judgeEar(call, ear, inputs[ear], recorded[ear], index);
    const ears = { caller: hear('caller'), callee: hear('callee') };
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
    bufferMs: phoneBufferMs(index.plan),
  });
  const toneAt = firstRingback(audio, fromMs);
  if (toneAt === null || rangLocallyAt === null) return toneAt ?? rangLocallyAt;
  return Math.min(toneAt, rangLocallyAt);
}

function inputOf(
  call: CallMeasure,
  ear: Ear,
  up: Interval,
  index: CallEvidence,
  calls: readonly CallMeasure[],
): EarInput {
  const [expected, own] = voices(ear);
  return {
    streams: earStreams(call, ear, index),
    payloads: callPayloads(call, index),
    fromMs: up.startMs,
    toMs: up.endMs,
    bufferMs: phoneBufferMs(index.plan),
    expectedKey: keyOf(index.plan, call, expected),
    ownKey: keyOf(index.plan, call, own),
    otherKeys: otherKeys(index.plan, call, up, calls),
  };
}

/** What an ear got, its audio as it stands in the recording; that is null if no packet arrived. */
interface RecordedEar extends RenderedEar {
  recording: string | null;
}

/** Writes down what both ears got, and reads it back. */
async function record(
  scenarioFolder: string,
  callId: string,
  rendered: Record<Ear, RenderedEar>,
): Promise<Record<Ear, RecordedEar>> {
  const name = recordingName(callId);
  const path = join(scenarioFolder, name);
  const [left, right] = [rendered.caller, rendered.callee].map(({ packets, audio }) =>
    packets.received > 0 ? audio : null,
  );
  if (!left && !right)
    return {
      caller: { ...rendered.caller, recording: null },
      callee: { ...rendered.callee, recording: null },
    };
  await writeStereoWav(path, [left ?? null, right ?? null], RATE_HZ);
  const { channels } = await readWav(path);
  const readBack = (ear: RenderedEar, channel: Float32Array): RecordedEar =>
    ear.packets.received === 0
      ? { ...ear, recording: null }
      : {
          ...ear,
          audio: Int16Array.from(channel, (sample) => Math.round(sample * 32768)),
          recording: name,
        };
  return {
    caller: readBack(rendered.caller, channels[0]!),
    callee: readBack(rendered.callee, channels[1]!),
  };
}

function judgeEar(
  call: CallMeasure,
  ear: Ear,
  input: EarInput,
  { recording, ...rendered }: RecordedEar,
  index: CallEvidence,
): EarMeasure {
  // A softphone's voice is counted from where it began to play it, not from the lab's epoch.
  const zeroMs = ear === 'caller' ? softphoneZeroMs(call, index) : 0;
  const heard = withoutPauses(
    later(
      hearEar(
        { ...input, fromMs: input.fromMs - zeroMs, toMs: input.toMs - zeroMs },
        { ...rendered, fromMs: rendered.fromMs - zeroMs },
      ),
      zeroMs,
    ),
    pausesOf(call, ear === 'caller' ? 'callee' : 'caller', index),
    { startMs: input.fromMs, endMs: input.toMs },
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
    recording,
    packets: heard.packets,
    heardCall: heard.heardCall,
    segments: heard.segments,
  };
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
