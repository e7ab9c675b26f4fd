import { toneName } from './cadence.js';
import { toneBursts } from './call-progress.js';
import { ToneFrames } from './tone-frames.js';

/**
 * When ringing could first be heard (docs/measures.md §2), on the lab axis as the audio is, to about 10 ms; null if it
 * could not. A 425 Hz tone is ringing if it lasts 0.7 s, or if the audio ends (the call was answered) in its first burst.
 *
 * @param fromMs lab time of the first sample
 * @param bursts those of the audio, if they are known
 */
export function firstRingback(
  audio: Int16Array,
  fromMs: number,
  bursts = toneBursts(new ToneFrames(audio)),
): number | null {
  const ringing = bursts.find(
    (burst, i) => toneName(burst) === 'ringback' || (burst.sound === '425' && burst.cutOff && i === 0),
  );
  return ringing ? fromMs + ringing.fromMs : null;
}
