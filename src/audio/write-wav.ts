import { writeFile } from 'node:fs/promises';
import wavEncoder from 'wav-encoder';

/** 16-bit samples as they are, or −1 … 1 (clipped beyond). */
type Samples = Int16Array | Float32Array;

/** Writes a mono WAV file of 16 bits. */
export const writeWav = (path: string, samples: Samples, sampleRate: number): Promise<void> =>
  write(path, [scaled(samples, samples.length)], sampleRate);

/** Writes a stereo WAV file of 16 bits; the shorter channel ends in silence, and one that is null is silent. */
export async function writeStereoWav(
  path: string,
  [left, right]: [left: Samples | null, right: Samples | null],
  sampleRate: number,
): Promise<void> {
  const length = Math.max(left?.length ?? 0, right?.length ?? 0);
  await write(path, [scaled(left, length), scaled(right, length)], sampleRate);
}

/** −1 … 1, and silence up to `length`. */
function scaled(samples: Samples | null, length: number): Float32Array {
  const channel = new Float32Array(length);
  if (samples instanceof Int16Array) samples.forEach((sample, i) => (channel[i] = sample / 32768));
  else if (samples) channel.set(samples);
  return channel;
}

async function write(path: string, channelData: Float32Array[], sampleRate: number): Promise<void> {
  // Symmetric: both signs are scaled by 32768, so that 16-bit samples come back exactly.
  const options = { bitDepth: 16, symmetric: true };
  const bytes = await wavEncoder.encode({ sampleRate, channelData }, options);
  await writeFile(path, Buffer.from(bytes));
}
