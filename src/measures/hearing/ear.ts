import type { RtpStream } from '../../evidence/types.js';
import type { EarMeasure } from '../types.js';
import type { ToneName } from './call-progress.js';
import { meanJitterMs } from './interarrival.js';
import { Frame, FRAME_MS, renderEar, type RenderedEar } from './jitter-buffer.js';
import { listen, type Heard } from './listen.js';
import { mosEstimate } from './mos.js';
import type { OtherKey } from './suspects.js';

export interface EarInput {
  /** Streams of this call that were received at this ear's capture point. */
  streams: RtpStream[];
  /** While the call was up, on the lab axis. */
  fromMs: number;
  toMs: number;
  expectedKey: Buffer;
  ownKey: Buffer;
  otherKeys: readonly OtherKey[];
  bufferMs: number;
}

/** All of an ear's measure but the file of its recording, and the audio to be written there. */
export interface EarHearing extends Omit<EarMeasure, 'recording'> {
  tone: ToneName | null;
  audio: Int16Array;
}

/**
 * Renders and listens.
 * @param rendered what `renderEar` made of the same input; for callers that go by way of a recording in between
 */
export function hearEar(input: EarInput, rendered: RenderedEar = renderEar(input)): EarHearing {
  const { audio, flags, packets } = rendered;
  const heard = listen({ ...input, audio, flags });
  return {
    ...heard,
    mos: mosOfEar(rendered, heard, input.bufferMs),
    packets:
      packets.received > 0
        ? { ...packets, jitterMs: Math.max(...input.streams.map((stream) => meanJitterMs(stream))) }
        : null,
    audio,
  };
}

/** Null unless the other party was heard: the model rates a connection, not a stranger's voice. */
function mosOfEar(rendered: RenderedEar, heard: Heard, bufferMs: number): number | null {
  if (heard.delayMs === null || rendered.law === null) return null;
  const oneWayDelayMs = heard.delayMs + bufferMs;
  const missing = [...rendered.flags.subarray(Math.ceil(oneWayDelayMs / FRAME_MS))].map(
    (flag) => flag !== Frame.received,
  );
  const lost = missing.filter(Boolean).length;
  if (missing.length === 0) return null;
  const bursts = missing.filter((isMissing, i) => isMissing && !missing[i - 1]).length;
  const lossShare = lost / missing.length;
  // Mean length of a burst over the mean at random loss, 1 / (1 − p) (G.107, BurstR).
  const burstR = bursts > 0 ? (lost / bursts) * (1 - lossShare) : 1;
  return mosEstimate({ codec: rendered.law, lossShare, burstR, oneWayDelayMs });
}
