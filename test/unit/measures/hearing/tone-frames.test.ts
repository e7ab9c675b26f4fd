import assert from 'node:assert/strict';
import { toneBursts } from '../../../../src/measures/hearing/call-progress.js';
import { goertzel, Goertzels } from '../../../../src/measures/hearing/goertzel.js';
import { ToneFrames } from '../../../../src/measures/hearing/tone-frames.js';
import { randomFrom } from '../../../fixtures/streams.js';
import { voice } from '../../../fixtures/voices.js';

const TONES = [
  [440, 480],
  [400, 450],
  [480, 620],
  [425],
  [400],
  [950],
  [1400],
  [1800],
  [1100],
  [2100],
  [350, 440],
];

/** Bursts of tones at random places and levels, over noise, speech or nothing. */
function madeUp(seed: number): Int16Array {
  const random = randomFrom(seed);
  const samples = new Float64Array(8000 * 5);
  const under = [voice('man'), voice('woman')][Math.floor(random() * 4)];
  const noise = 3000 * random() ** 4;
  samples.forEach((_, i) => (samples[i] = (under?.[i % under.length] ?? 0) + noise * (2 * random() - 1)));
  for (let burst = 0; burst < 4; burst++) {
    const tones = TONES[Math.floor(random() * TONES.length)]!;
    const level = 32767 * 10 ** (-(6 + 40 * random()) / 20);
    const from = Math.floor(random() * samples.length);
    const to = Math.min(samples.length, from + Math.floor(800 + random() * 12_000));
    for (let i = from; i < to; i++)
      for (const hz of tones) samples[i]! += (level / tones.length) * Math.sin((2 * Math.PI * hz * i) / 8000);
  }
  return Int16Array.from(samples, (value) => Math.max(-32768, Math.min(32767, Math.round(value))));
}

/** Nothing is left out: every frame has been looked at. */
function lookedThrough(audio: Int16Array): ToneFrames {
  const frames = new ToneFrames(audio);
  for (let frame = 0; frame < frames.count; frame++) frames.soundAt(frame);
  return frames;
}

describe('ToneFrames', () => {
  it('leads to the same bursts as a close look at every frame', () => {
    let found = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const audio = madeUp(seed);
      const bursts = toneBursts(lookedThrough(audio));
      assert.deepEqual(toneBursts(new ToneFrames(audio)), bursts, `seed ${seed}`);
      found += bursts.length;
    }
    assert.ok(found > 60, `${found} bursts`);
  });

  it('has the same frames in a part as that part has by itself', () => {
    const audio = madeUp(3);
    const whole = new ToneFrames(audio);
    toneBursts(whole);
    for (const [from, to] of [
      [480, 39_840],
      [800, 20_000],
      [801, 20_001],
      [0, 40_000],
      [39_990, 40_000],
    ] as const)
      assert.deepEqual(
        toneBursts(whole.part(from, to)),
        toneBursts(new ToneFrames(audio.subarray(from, to))),
        `${from}…${to}`,
      );
  });
});

describe('Goertzels', () => {
  it('has to the last bit what one tone after another has', () => {
    const samples = Float64Array.from(madeUp(5).subarray(0, 400));
    const hz = [440, 480, 425, 913.8, 2100];
    const several = new Goertzels(hz);
    several.correlate(samples);
    assert.deepEqual(
      [...several.squares.subarray(0, hz.length)],
      hz.map((one) => goertzel(samples, one)),
    );
  });
});
