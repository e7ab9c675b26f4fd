import { writeFile } from 'node:fs/promises';
import wavEncoder from 'wav-encoder';

/** Writes a mono WAV file of 16 bits: Int16Array as it is, Float32Array as −1 … 1 (clipped beyond). */
export async function writeWav(
  path: string,
  samples: Int16Array | Float32Array,
  sampleRate: number,
): Promise<void> {
  const scaled =
    samples instanceof Int16Array ? Float32Array.from(samples, (sample) => sample / 32768) : samples;
  // Symmetric: both signs are scaled by 32768, so that 16-bit samples come back exactly.
  const options = { bitDepth: 16, symmetric: true };
  const bytes = await wavEncoder.encode({ sampleRate, channelData: [scaled] }, options);
  await writeFile(path, Buffer.from(bytes));
}
