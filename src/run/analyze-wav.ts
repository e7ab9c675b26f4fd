import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import wavEncoder from 'wav-encoder';
import type { BothAudio } from '../measures/field/types.js';

const RATE_HZ = 8000;

/**
 * Keeps what both ears heard as stereo WAV files of 16 bits in `folder`: left the caller, right the callee, on one
 * clock. An ear that no media was seen for is silent.
 */
export async function startRecording(
  folder: string,
): Promise<(name: string, audio: BothAudio) => Promise<string>> {
  await mkdir(folder, { recursive: true });
  return async (name, { caller, callee }) => {
    const length = Math.max(caller?.length ?? 0, callee?.length ?? 0);
    const channelData = [caller, callee].map((samples) => {
      const channel = new Float32Array(length);
      samples?.forEach((sample, i) => (channel[i] = sample / 32768));
      return channel;
    });
    // Symmetric: both signs are scaled by 32768, so that 16-bit samples come back exactly.
    const options = { bitDepth: 16, symmetric: true };
    const bytes = await wavEncoder.encode({ sampleRate: RATE_HZ, channelData }, options);
    const path = join(folder, `${name}.wav`);
    await writeFile(path, Buffer.from(bytes));
    return path;
  };
}
