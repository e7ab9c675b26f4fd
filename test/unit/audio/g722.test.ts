import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { G722Decoder, G722Encoder } from '../../../src/audio/g722.js';
import { g722TestSignal } from '../../fixtures/g722-signal.js';

const sha256 = (values: Uint8Array | Int16Array): string =>
  createHash('sha256')
    .update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
    .slice(0, 16);

describe('G.722', () => {
  const signal = g722TestSignal();

  // What ffmpeg 5.1 makes of the same signal; test/integration/audio/g722.test.ts asks it anew.
  it('encodes and decodes bit for bit as ffmpeg does', () => {
    const code = new G722Encoder().encode(signal);
    assert.equal(sha256(code), 'ff1b6c1e28386958');
    assert.equal(sha256(new G722Decoder().decode(code)), 'bbdf8f468079cdf4');
  });

  it('gives the same in packets as in one go', () => {
    const [whole, parts] = [new G722Encoder().encode(signal), new G722Encoder()];
    for (let at = 0; at + 320 <= signal.length; at += 320)
      assert.deepEqual(parts.encode(signal.subarray(at, at + 320)), whole.subarray(at / 2, at / 2 + 160));
    const [all, decoder] = [new G722Decoder().decode(whole), new G722Decoder()];
    for (let at = 0; at + 160 <= whole.length; at += 160)
      assert.deepEqual(decoder.decode(whole.subarray(at, at + 160)), all.subarray(2 * at, 2 * at + 320));
  });

  const tone = (hz: number) =>
    Int16Array.from({ length: 16_000 }, (_, i) => 8000 * Math.sin((2 * Math.PI * hz * i) / 16_000));
  const rms = (samples: Int16Array) =>
    Math.sqrt(samples.subarray(400).reduce((sum, value) => sum + value * value, 0) / (samples.length - 400));

  for (const hz of [400, 1000, 2187.5, 3359.375, 5000, 6500])
    it(`passes a tone of ${hz} Hz within 1 dB`, () => {
      const out = new G722Decoder().decode(new G722Encoder().encode(tone(hz)));
      assert.ok(Math.abs(20 * Math.log10(rms(out) / rms(tone(hz)))) < 1, `${rms(out)}`);
    });

  for (const hz of [400, 1000, 2187.5, 3359.375])
    it(`has ${hz} Hz in its lower half, at 8 kHz, within 1 dB`, () => {
      const out = new G722Decoder().decodeNarrow(new G722Encoder().encode(tone(hz)));
      assert.ok(Math.abs(20 * Math.log10(rms(out) / rms(tone(hz)))) < 1, `${rms(out)}`);
    });

  it('leaves 6 kHz out of the lower half', () => {
    assert.ok(rms(new G722Decoder().decodeNarrow(new G722Encoder().encode(tone(6000)))) < 100);
  });

  it('is itself again 100 ms after a lost packet', () => {
    const code = new G722Encoder().encode(tone(1000));
    const decoder = new G722Decoder();
    decoder.decode(code.subarray(0, 1600));
    const after = decoder.decode(code.subarray(1760)).subarray(1600);
    const whole = new G722Decoder().decode(code).subarray(2 * 1760 + 1600);
    const error = after.map((value, i) => value - whole[i]!);
    assert.ok(rms(error) < 0.03 * rms(whole), `${rms(error)}`);
  });
});
