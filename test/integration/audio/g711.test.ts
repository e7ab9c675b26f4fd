import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { decode, encode, type Law } from '../../../src/audio/g711.js';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, i) => i);
const FORMATS: Readonly<Record<Law, string>> = { PCMU: 'u-law', PCMA: 'a-law' };

function sox(input: Uint8Array, from: string[], to: string[]): Buffer {
  const raw = ['-t', 'raw', '-r', '8000', '-c', '1'];
  const { status, stdout, stderr } = spawnSync('sox', ['-D', ...raw, ...from, '-', ...raw, ...to, '-'], {
    input,
  });
  assert.equal(status, 0, stderr.toString());
  return stdout;
}

describe('G.711 beside sox', () => {
  for (const law of ['PCMU', 'PCMA'] as const) {
    const coded = ['-e', FORMATS[law], '-b', '8'];
    const linear = ['-e', 'signed', '-b', '16'];

    it(`decodes every ${law} byte to the same sample`, () => {
      const theirs = sox(EVERY_BYTE, coded, linear);
      decode(law, EVERY_BYTE).forEach((sample, i) =>
        assert.equal(sample, theirs.readInt16LE(2 * i), `byte ${i}`),
      );
    });

    it(`encodes what a ${law} byte stands for to the same byte`, () => {
      const samples = decode(law, EVERY_BYTE);
      assert.deepEqual(Buffer.from(encode(law, samples)), sox(Buffer.from(samples.buffer), linear, coded));
    });
  }
});
