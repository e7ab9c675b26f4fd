import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeStereoWav } from '../audio/write-wav.js';
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
    const path = join(folder, `${name}.wav`);
    await writeStereoWav(path, [caller, callee], RATE_HZ);
    return path;
  };
}
