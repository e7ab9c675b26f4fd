import { readFile } from 'node:fs/promises';
import wavDecoder from 'wav-decoder';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';

/** Audio of one channel, or of two. */
export interface Recording {
  /** −1 … 1, left before right. */
  channels: Float32Array[];
  /** Hz */
  sampleRate: number;
}

/** Reads a mono or stereo WAV file (linear PCM or float). Throws WAV_UNREADABLE if it's missing, cut off or of another kind. */
export async function readWav(path: string): Promise<Recording> {
  try {
    const bytes = await readFile(path);
    checkChunks(bytes);
    const { channelData, sampleRate } = await wavDecoder.decode(bytes, { symmetric: true });
    return { channels: channelData, sampleRate };
  } catch (error) {
    throw new DeadairError('WAV_UNREADABLE', `${path}: ${messageOf(error)}`, {
      exitCode: ExitCode.badInput,
      fix: 'A recording is a whole WAV file, mono or stereo, linear PCM.',
      cause: error,
    });
  }
}

/** What the decoder doesn't check: it takes audio that was cut off for whole, and allocates by the header's word. */
function checkChunks(bytes: Buffer): void {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('is not a WAV file');
  let formatSeen = false;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (at + 8 + size > bytes.length) throw new Error(`is cut off inside its "${name.trim()}" chunk`);
    if (name === 'data' && formatSeen) return;
    if (name === 'fmt ') formatSeen = checkFormat(bytes, at + 8, size);
    at += 8 + size;
  }
  throw new Error('is cut off: it has no audio');
}

function checkFormat(bytes: Buffer, at: number, size: number): true {
  if (size < 16) throw new Error('has a damaged format chunk');
  const channels = bytes.readUInt16LE(at + 2);
  const blockSize = bytes.readUInt16LE(at + 12);
  const bitDepth = bytes.readUInt16LE(at + 14);
  if (channels !== 1 && channels !== 2) throw new Error(`has ${channels} channels`);
  if (blockSize * 8 !== bitDepth * channels || bitDepth === 0) throw new Error('has a damaged format chunk');
  return true;
}
