import { hearActivity } from '../hearing/activity.js';
import type { RenderedEar } from '../hearing/jitter-buffer.js';
import type { Signalling } from './signalling.js';
import type { FieldCall } from './types.js';

/**
 * What the caller heard before the answer. Audible ringback is the 180, at which the phone rings by itself, or a
 * ringback tone in early media: whichever is first.
 * @param early what was played towards the caller before the answer; null if nothing was to be seen
 */
export function hearEarlyMedia(
  { audibleRingbackAt: rangLocallyAt }: Signalling,
  early: RenderedEar | null,
): Pick<FieldCall, 'audibleRingbackAt' | 'earlyAudio'> {
  const activity = early && early.flags.length > 0 ? hearActivity(early) : null;
  if (!early || !activity) return { audibleRingbackAt: rangLocallyAt, earlyAudio: null };
  const first = Math.min(activity.ringingAt ?? Infinity, rangLocallyAt ?? Infinity);
  return { audibleRingbackAt: Number.isFinite(first) ? first : null, earlyAudio: activity.class };
}
