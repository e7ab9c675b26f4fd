import assert from 'node:assert/strict';
import { ToneSource, type CallProgressTone } from '../../../../src/audio/tones.js';
import type { AudioSource } from '../../../../src/audio/source.js';
import { hearActivity } from '../../../../src/measures/hearing/activity.js';
import { progressTones } from '../../../../src/measures/hearing/progress.js';
import { renderEar } from '../../../../src/measures/hearing/jitter-buffer.js';
import { FROM_MS, hear, noise, streamOfSource } from '../../../fixtures/ears.js';
import { sourceOf } from '../../../fixtures/streams.js';
import { voice } from '../../../fixtures/voices.js';

const LASTS_MS = 6000;
const said = (name: 'man' | 'woman'): AudioSource => {
  const samples = voice(name);
  return sourceOf((i) => samples[i % samples.length]!);
};
const activity = (source: AudioSource | null) =>
  hearActivity(
    renderEar({
      streams: source ? [streamOfSource(source, LASTS_MS)] : [],
      fromMs: FROM_MS,
      toMs: FROM_MS + LASTS_MS,
      bufferMs: 50,
    }),
  );

describe('hearing without signatures', () => {
  for (const name of ['man', 'woman'] as const)
    it(`people are heard to speak, and nobody knows who (${name})`, () => {
      const heard = activity(said(name));
      assert.equal(heard?.identity, 'unknown');
      assert.equal(heard.class, 'other-audio');
      assert.ok(
        heard.segments.every(({ sound }) => sound === 'speech'),
        JSON.stringify(heard.segments),
      );
      assert.ok(heard.activeShare > 0.5, `${heard.activeShare}`);
      assert.deepEqual(heard.tones, []);
    });

  for (const name of ['man', 'woman'] as const)
    it(`in a call with signatures a person's voice is no party (${name})`, () => {
      const heard = hear([streamOfSource(said(name), LASTS_MS)], LASTS_MS);
      assert.deepEqual(
        [heard.class, heard.heardShare, heard.delayMs, heard.echo],
        ['other-audio', 0, null, null],
      );
    });

  const sounds = [
    ['comfort-noise', noise(-55)],
    ['silence', sourceOf(() => 0)],
    ['nothing', null],
  ] as const;
  for (const [name, source] of sounds)
    it(`${name} is no activity`, () => {
      const heard = activity(source);
      assert.equal(heard?.class, name);
      assert.equal(heard.activeShare, 0);
    });

  it('noise is steady, no speech', () => {
    const heard = activity(noise(-25));
    assert.equal(heard?.class, 'other-audio');
    assert.ok(heard.segments.every(({ sound }) => sound === 'steady'));
  });

  it('tells when speech begins', () => {
    const [silent, speaks] = [sourceOf(() => 0), said('man')];
    let packets = 0;
    const heard = activity({ next: (out) => (++packets > 150 ? speaks : silent).next(out) });
    assert.deepEqual(
      heard?.segments.map(({ class: name }) => name),
      ['silence', 'other-audio'],
    );
  });

  const cadences: [CallProgressTone, string, number[]][] = [
    ['ringback-uk', 'ringback', [1000, 2000, 1000]],
    ['ringback-etsi', 'ringback', [1000, 4000]],
    ['busy-us', 'busy', [500, 500, 500]],
    ['congestion-etsi', 'congestion', [250, 250, 250]],
  ];
  for (const [tone, name, cadence] of cadences)
    it(`${tone} is ${name}, with its cadence`, () => {
      const audio = new Int16Array(8 * 6100);
      new ToneSource(tone).next(audio.subarray(8 * 200));
      const [heard, ...more] = progressTones(audio, 1000);
      assert.equal(heard?.name, name);
      assert.deepEqual(more, []);
      assert.ok(Math.abs(heard.fromMs - 1200) <= 15);
      cadence
        .slice(0, heard.cadenceMs.length)
        .forEach((ms, i) => assert.ok(Math.abs(heard.cadenceMs[i]! - ms) <= 30, heard.cadenceMs.join()));
      assert.ok(heard.cadenceMs.length >= Math.min(3, cadence.length - 1));
    });
});
