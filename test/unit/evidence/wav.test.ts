import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from '../../../src/audio/write-wav.js';
import { readWav } from '../../../src/evidence/wav.js';

describe('wav', () => {
  let folder: string;
  let path: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'deadair-test-'));
    path = join(folder, 'a.wav');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('gives 16-bit samples back exactly', async () => {
    const samples = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
    await writeWav(path, samples, 8000);
    const read = await readWav(path);
    assert.equal(read.sampleRate, 8000);
    assert.deepEqual(
      Int16Array.from(read.samples, (sample) => sample * 32768),
      samples,
    );
  });

  it('writes floats to within half a step', async () => {
    const samples = Float32Array.from({ length: 1000 }, (_, i) => 0.9 * Math.sin(i / 7));
    await writeWav(path, samples, 16000);
    const read = await readWav(path);
    read.samples.forEach((sample, i) => assert.ok(Math.abs(sample - samples[i]!) <= 0.5 / 32768 + 1e-7));
  });

  it('rejects what is not a whole mono WAV file, naming it', async () => {
    await writeWav(path, new Int16Array(100), 8000);
    const whole = readFileSync(path);
    const changed = (at: number, value: number) => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt16LE(value, at);
      return bytes;
    };
    const cases: [Buffer, RegExp][] = [
      [whole.subarray(0, whole.length - 10), /cut off inside its "data" chunk/],
      [whole.subarray(0, 40), /cut off/],
      [whole.subarray(0, 11), /is not a WAV file/],
      [Buffer.alloc(0), /is not a WAV file/],
      [Buffer.from('no sound here, only words and words'), /is not a WAV file/],
      [changed(20, 7), /Unsupported format/],
      [changed(22, 2), /has 2 channels/],
      [changed(32, 1), /damaged format/],
    ];
    for (const [bytes, message] of cases) {
      writeFileSync(path, bytes);
      await assert.rejects(readWav(path), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'WAV_UNREADABLE');
        assert.ok(error.message.startsWith(path));
        assert.match(error.message, message);
        return true;
      });
    }
    await assert.rejects(readWav(join(folder, 'missing.wav')), { code: 'WAV_UNREADABLE' });
  });
});
