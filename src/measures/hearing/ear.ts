import type { EarMeasure } from '../types.js';
import { lossPattern, type LossPattern } from './bursts.js';
import { NO_PAYLOADS } from './formats.js';
import { meanJitterMs } from './interarrival.js';
import { Frame, FRAME_MS, renderEar, type RenderedEar, type RenderInput } from './jitter-buffer.js';
import { listen, type Heard } from './listen.js';
import { mosEstimate } from './mos.js';
import type { OtherKey } from './suspects.js';

/** `streams`: of this call, received at this ear's capture point; `fromMs`, `toMs`: while the call was up. */
export interface EarInput extends RenderInput {
  expectedKey: Buffer;
  ownKey: Buffer;
  otherKeys: readonly OtherKey[];
}

/** All of an ear's measure but the file of its recording, and the audio to be written there. */
export interface EarHearing extends Omit<EarMeasure, 'recording'> {
  /** Why nothing could be heard although packets came: then all that rests on hearing is null. */
  undecodable: string | null;
  audio: Int16Array;
}

/**
 * Renders and listens.
 * @param rendered what `renderEar` made of the same input; for callers that go by way of a recording in between
 */
export function hearEar(input: EarInput, rendered: RenderedEar = renderEar(input)): EarHearing {
  const { streams, payloads = NO_PAYLOADS } = input;
  const { packets, undecodable, bufferMs, audio } = rendered;
  const heard = listen({ ...input, ...rendered });
  const quality = qualityOf(rendered, heard, bufferMs);
  return {
    ...(undecodable === null ? heard : unheard(heard)),
    ...quality,
    undecodable,
    packets:
      packets.received > 0
        ? { ...packets, jitterMs: Math.max(...streams.map((stream) => meanJitterMs(stream, payloads))) }
        : null,
    audio,
  };
}

/** Sound of some kind, of which nothing can be said. */
function unheard(heard: Heard): Heard {
  const [first, last] = [heard.segments[0], heard.segments.at(-1)];
  const segments =
    first && last ? [{ fromMs: first.fromMs, toMs: last.toMs, class: 'other-audio' as const }] : [];
  return { ...heard, class: 'other-audio', heardShare: null, outages: [], choppiness: null, segments };
}

interface Quality {
  mos: number | null;
  loss: LossPattern | null;
}

/** Null unless the other party was heard: the model rates a connection, not a stranger's voice. */
function qualityOf({ packetFlags, codec }: RenderedEar, { delayMs }: Heard, bufferMs: number): Quality {
  const none = { mos: null, loss: null };
  if (delayMs === null || codec === null) return none;
  const oneWayDelayMs = delayMs + bufferMs;
  const missing = Array.from(
    packetFlags.subarray(Math.ceil(oneWayDelayMs / FRAME_MS)),
    (flag) => flag !== Frame.received && flag !== Frame.noise,
  );
  const loss = lossPattern(missing, FRAME_MS);
  if (!loss) return none;
  const input = { codec, lossShare: loss.share, burstR: loss.burstR, oneWayDelayMs };
  return { mos: mosEstimate(input), loss };
}
