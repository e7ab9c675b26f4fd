import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeStereoWav, writeWav } from '../../../src/audio/write-wav.js';
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
      Int16Array.from(read.channels[0]!, (sample) => sample * 32768),
      samples,
    );
    assert.equal(read.channels.length, 1);
  });

  it('keeps left and right apart, and fills what is missing with silence', async () => {
    const [left, right] = [Int16Array.of(1, -2, 32767), Int16Array.of(-32768)];
    await writeStereoWav(path, [left, right], 8000);
    const ints = async () =>
      (await readWav(path)).channels.map((channel) => Array.from(channel, (sample) => sample * 32768));
    assert.deepEqual(await ints(), [
      [1, -2, 32767],
      [-32768, 0, 0],
    ]);
    await writeStereoWav(path, [null, left], 8000);
    assert.deepEqual(await ints(), [
      [0, 0, 0],
      [1, -2, 32767],
    ]);
  });

  it('writes floats to within half a step', async () => {
    const samples = Float32Array.from({ length: 1000 }, (_, i) => 0.9 * Math.sin(i / 7));
    await writeWav(path, samples, 16000);
    const read = await readWav(path);
    read.channels[0]!.forEach((sample, i) => assert.ok(Math.abs(sample - samples[i]!) <= 0.5 / 32768 + 1e-7));
  });

  it('rejects what is not a whole WAV file of one or two channels, naming it', async () => {
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
      [changed(22, 2), /damaged format/],
      [changed(22, 3), /has 3 channels/],
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
