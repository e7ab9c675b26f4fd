import assert from 'node:assert/strict';
import { ToneSource, type CallProgressTone } from '../../../src/audio/tones.js';

function play(name: CallProgressTone, ms: number): Int16Array {
  const out = new Int16Array(ms * 8);
  const source = new ToneSource(name);
  for (let at = 0; at < out.length; at += 160) source.next(out.subarray(at, at + 160));
  return out;
}

/** Whether each 10 ms sounds. */
const sounding = (audio: Int16Array): boolean[] =>
  Array.from({ length: audio.length / 80 }, (_, i) =>
    audio.subarray(i * 80, i * 80 + 80).some((v) => v !== 0),
  );

describe('call-progress tones', () => {
  const cadences: [CallProgressTone, number[]][] = [
    ['ringback-us', [2000, 4000, 2000]],
    ['ringback-etsi', [1000, 4000, 1000]],
    ['ringback-uk', [400, 200, 400, 2000, 400]],
    ['busy-us', [500, 500, 500]],
    ['congestion-etsi', [250, 250, 250]],
    ['sit', [990, 1000, 990]],
  ];
  for (const [name, cadence] of cadences)
    it(`${name} sounds and pauses for ${cadence.join('/')} ms`, () => {
      const frames = sounding(
        play(
          name,
          cadence.reduce((a, b) => a + b),
        ),
      );
      let at = 0;
      cadence.forEach((ms, i) => {
        const part = frames.slice(at, at + ms / 10);
        assert.ok(part.every((sounds) => sounds === (i % 2 === 0)));
        at += ms / 10;
      });
    });

  it('silence is digital zero', () => {
    assert.ok(play('silence', 2000).every((value) => value === 0));
  });

  it('plays each frequency at −22.1 dBFS', () => {
    const audio = play('ringback-us', 2000);
    for (const hz of [440, 480]) {
      let [re, im] = [0, 0];
      audio.forEach((value, i) => {
        re += value * Math.cos((2 * Math.PI * hz * i) / 8000);
        im += value * Math.sin((2 * Math.PI * hz * i) / 8000);
      });
      const peak = (2 * Math.hypot(re, im)) / audio.length;
      assert.ok(Math.abs(20 * Math.log10(peak / 32767) + 22.1) < 0.1);
    }
  });
});
