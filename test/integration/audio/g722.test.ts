import assert from 'node:assert/strict';
import { G722Decoder, G722Encoder } from '../../../src/audio/g722.js';
import { g722TestSignal } from '../../fixtures/g722-signal.js';
import { ffmpeg } from '../../fixtures/opus.js';

const bytesOf = (values: Int16Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const RAW = ['-f', 's16le', '-ar', '16000', '-ac', '1'];

describe('G.722 beside ffmpeg', () => {
  it('encodes bit for bit the same', () => {
    const signal = g722TestSignal();
    const theirs = ffmpeg(bytesOf(signal), ...RAW, '-i', '-', '-f', 'g722');
    assert.deepEqual(Buffer.from(new G722Encoder().encode(signal)), theirs);
  });

  it('decodes bit for bit the same', () => {
    const code = new G722Encoder().encode(g722TestSignal());
    const theirs = ffmpeg(code, '-f', 'g722', '-i', '-', '-f', 's16le');
    assert.deepEqual(bytesOf(new G722Decoder().decode(code)), theirs);
  });
});
