import assert from 'node:assert/strict';
import { decode, encode, encodeMulaw, type Law } from '../../../src/audio/g711.js';

/** Decoded values of codes 0x80 … at the start of each segment, positive half (ITU-T G.711 tables 1a and 2a, × 8 and × 4). */
const ULAW_SEGMENTS = [32124, 15996, 7932, 3900, 1884, 876, 372, 120];
/** A-law codes with even bits inverted: segment 7 first. */
const ALAW_TOP_OF_SEGMENT = [32256, 16128, 8064, 4032, 2016, 1008, 504, 248];

const decodeOne = (law: Law, code: number): number => decode(law, Uint8Array.of(code))[0] ?? NaN;
const encodeOne = (law: Law, sample: number): number => encode(law, Int16Array.of(sample))[0] ?? NaN;

describe('G.711', () => {
  it('decodes µ-law to the published segment values', () => {
    ULAW_SEGMENTS.forEach((value, segment) => {
      assert.equal(decodeOne('PCMU', 0x80 + 16 * segment), value);
      assert.equal(decodeOne('PCMU', 16 * segment), -value);
    });
    assert.equal(decodeOne('PCMU', 0xff), 0);
    assert.equal(decodeOne('PCMU', 0x7f), 0);
  });

  it('decodes A-law to the published segment values', () => {
    ALAW_TOP_OF_SEGMENT.forEach((value, i) => {
      const code = (0x80 | ((7 - i) << 4) | 0x0f) ^ 0x55;
      assert.equal(decodeOne('PCMA', code), value);
      assert.equal(decodeOne('PCMA', code ^ 0x80), -value);
    });
    assert.equal(decodeOne('PCMA', 0xd5), 8);
  });

  it('encodes published points: silence, full scale, the edges of a segment', () => {
    assert.equal(encodeOne('PCMU', 0), 0xff);
    assert.equal(encodeOne('PCMU', 32767), 0x80);
    assert.equal(encodeOne('PCMU', -32768), 0x00);
    assert.equal(encodeOne('PCMA', 0), 0xd5);
    assert.equal(encodeOne('PCMA', 32767), 0xaa);
    assert.equal(encodeOne('PCMA', -32768), 0x2a);
    assert.equal(encodeMulaw(-1000), encodeOne('PCMU', -1000));
  });

  for (const law of ['PCMU', 'PCMA'] as const) {
    it(`${law} gives back every value that it can decode`, () => {
      for (let code = 0; code < 256; code++) {
        const value = decodeOne(law, code);
        assert.equal(decodeOne(law, encodeOne(law, value)), value);
      }
    });

    it(`${law} is never further off than a step of its segment, over all samples`, () => {
      for (let sample = -32768; sample < 32768; sample += 7) {
        const error = Math.abs(decodeOne(law, encodeOne(law, sample)) - sample);
        assert.ok(error <= Math.max(16, Math.abs(sample) / 16), `${sample} is off by ${error}`);
      }
    });
  }
});
