/** Samples a second of all narrowband audio, and of everything that is listened to; 8 a millisecond. */
export const RATE_HZ = 8000;
export const SAMPLES_PER_MS = 8;

/** Narrowband, or wideband (G.722). */
export type RateHz = 8000 | 16_000;

/** Peak of a sine at 0 dBFS. */
export const FULL_SCALE = 32767;

/** Endless audio, pulled by a sender: each call fills `out` with the samples that follow those of the last. */
export interface AudioSource {
  next(out: Int16Array): void;
}
