import assert from 'node:assert/strict';
import { DeadairError } from '../../src/base/errors.js';
import { readWav } from '../../src/evidence/wav.js';

/** Reads a WAV, whatever it holds; throws if that goes wrong: an error other than that it's none, or audio from nowhere. */
export async function checkWav(path: string, size: number): Promise<'WAV read' | 'no WAV'> {
  try {
    const { channels, sampleRate } = await readWav(path);
    const samples = channels.reduce((sum, { length }) => sum + length, 0);
    assert.ok(samples <= size, `${samples} samples in ${size} bytes`);
    assert.ok(Number.isFinite(sampleRate), 'a rate that is none');
    return 'WAV read';
  } catch (error) {
    if (error instanceof DeadairError && error.code === 'WAV_UNREADABLE') return 'no WAV';
    throw error;
  }
}
