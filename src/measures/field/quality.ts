import { lossPattern } from '../hearing/bursts.js';
import { Frame, FRAME_MS, type RenderedEar } from '../hearing/jitter-buffer.js';
import { mosEstimate } from '../hearing/mos.js';
import type { FieldEar } from './types.js';

/**
 * E-model estimates (ITU-T G.107) from what the jitter buffer had to play. Without a known delay only the
 * listening quality can be told (delay impairment left out); pauses of the sender are no loss. Null for a codec
 * without published constants.
 * @param oneWayDelayMs mouth to ear, the jitter buffer included; null if unknown
 */
export function qualityOf(
  { packetFlags, codec }: RenderedEar,
  oneWayDelayMs: number | null,
): Pick<FieldEar, 'loss' | 'mos'> {
  const due = packetFlags.filter((flag) => flag !== Frame.none && flag !== Frame.undecoded);
  const missing = Array.from(due, (flag) => flag === Frame.lost || flag === Frame.late);
  const loss = lossPattern(missing, FRAME_MS);
  if (codec === null || !loss)
    return { loss, mos: { listening: null, conversational: null, wideband: null } };
  const quality = { codec, lossShare: loss.share, burstR: loss.burstR };
  return {
    loss,
    mos: {
      listening: mosEstimate({ ...quality, oneWayDelayMs: 0 }),
      conversational: oneWayDelayMs === null ? null : mosEstimate({ ...quality, oneWayDelayMs }),
      wideband: null,
    },
  };
}
