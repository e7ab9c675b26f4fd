import assert from 'node:assert/strict';
import { DtmfSource } from '../../../../../src/audio/dtmf.js';
import { decode, encode } from '../../../../../src/audio/g711.js';
import { SignatureSource } from '../../../../../src/audio/signature.js';
import { ToneSource, type CallProgressTone } from '../../../../../src/audio/tones.js';
import { inBandDigits } from '../../../../../src/measures/hearing/dtmf/in-band.js';
import { KEYS, noise } from '../../../../fixtures/ears.js';
import { mixed } from '../../../../fixtures/encoding.js';
import { voice } from '../../../../fixtures/voices.js';

const ALL = '1234567890*#ABCD';

/** What is dialled, over µ-law, in noise that a line has. */
function dialled(digits: string, shape: ConstructorParameters<typeof DtmfSource>[1] = {}): string {
  const { onMs = 100, offMs = 100 } = shape;
  const audio = new Int16Array((digits.length * (onMs + offMs) + 200) * 8);
  mixed(new DtmfSource(digits, shape), { source: noise(-50), dB: 0 }).next(audio);
  return inBandDigits(decode('PCMU', encode('PCMU', audio)), 0)
    .map(({ digit }) => digit)
    .join('');
}

describe('in-band DTMF (ITU-T Q.23, Q.24)', () => {
  it('hears all sixteen, where and as long as they are', () => {
    assert.equal(dialled(ALL), ALL);
    const audio = new Int16Array(8 * 1000);
    new DtmfSource('5', { onMs: 120 }).next(audio.subarray(8 * 300));
    const [five] = inBandDigits(audio, 10_000);
    assert.equal(five?.digit, '5');
    assert.ok(Math.abs(five.atMs - 10_300) <= 5 && Math.abs((five.durationMs ?? 0) - 120) <= 10);
  });

  it('50 ms on and off is enough, and 40 ms on', () => {
    assert.equal(dialled('1739', { onMs: 50, offMs: 50 }), '1739');
    assert.equal(dialled('1739', { onMs: 40, offMs: 50 }), '1739');
  });

  it('20 ms are none', () => assert.equal(dialled('1739', { onMs: 20, offMs: 80 }), ''));

  it('a pause of 50 ms makes two, an interruption of 10 ms does not', () => {
    assert.equal(dialled('55', { onMs: 60, offMs: 50 }), '55');
    assert.equal(dialled('55', { onMs: 60, offMs: 10 }), '5');
  });

  for (const twistDb of [4, 0, -8])
    it(`accepts a twist of ${twistDb} dB`, () => assert.equal(dialled(ALL, { twistDb }), ALL));
  for (const twistDb of [6, -10])
    it(`refuses a twist of ${twistDb} dB`, () => assert.equal(dialled(ALL, { twistDb }), ''));

  for (const deviationPercent of [1.5, -1.5])
    it(`accepts frequencies that are ${deviationPercent} % off`, () =>
      assert.equal(dialled(ALL, { deviationPercent }), ALL));
  for (const deviationPercent of [3, -3, 3.5, -3.5])
    it(`refuses frequencies that are ${deviationPercent} % off`, () =>
      assert.equal(dialled(ALL, { deviationPercent }), ''));

  it('has its limit at 2.5 % for the lowest digit, too', () => {
    assert.equal(dialled('111', { deviationPercent: 2.3 }), '111');
    assert.equal(dialled('111', { deviationPercent: 2.7 }), '');
  });

  it('hears −25 dBm0, and not −55', () => {
    assert.equal(dialled(ALL, { lowDbfs: -28 }), ALL);
    assert.equal(dialled(ALL, { lowDbfs: -58 }), '');
  });

  for (const name of [
    'ringback-us',
    'ringback-etsi',
    'busy-us',
    'congestion-us',
    'sit',
  ] as CallProgressTone[])
    it(`${name} has no digits`, () => {
      const audio = new Int16Array(40_000);
      new ToneSource(name).next(audio);
      assert.deepEqual(inBandDigits(audio, 0), []);
    });

  it('neither has a signature, noise, or a voice', () => {
    const audio = new Int16Array(80_000);
    new SignatureSource(KEYS.expected, 0).next(audio);
    assert.deepEqual(inBandDigits(audio, 0), []);
    noise(-20).next(audio);
    assert.deepEqual(inBandDigits(audio, 0), []);
    for (const name of ['man', 'woman'] as const) assert.deepEqual(inBandDigits(voice(name), 0), []);
  });
});
