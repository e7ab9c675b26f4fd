import assert from 'node:assert/strict';
import type { Codec } from '../../../../src/audio/codecs.js';
import { noisePayload } from '../../../../src/audio/comfort-noise.js';
import { SignatureSource } from '../../../../src/audio/signature.js';
import type { AudioSource } from '../../../../src/audio/source.js';
import { hearEar, type EarInput } from '../../../../src/measures/hearing/ear.js';
import { rateOf } from '../../../../src/measures/hearing/formats.js';
import { Frame, renderEar } from '../../../../src/measures/hearing/jitter-buffer.js';
import { adaptiveBufferMs } from '../../../../src/measures/hearing/scheduling.js';
import { FROM_MS, KEYS } from '../../../fixtures/ears.js';
import {
  arrivedStream,
  mixed,
  encodeFrames,
  nextFrame,
  PAYLOAD_TYPES,
  senderRate,
  type Arrived,
} from '../../../fixtures/encoding.js';
import { randomFrom, sourceOf } from '../../../fixtures/streams.js';
import { voice as spoken } from '../../../fixtures/voices.js';

const LASTS_MS = 5000;

function sent(codec: Codec, source: AudioSource, delayMs = 40): Arrived[] {
  const frames = Array.from({ length: LASTS_MS / 20 }, () => nextFrame(source, senderRate(codec)));
  return encodeFrames(codec, frames).map((payload, n) => ({
    atMs: FROM_MS + 20 * n + delayMs,
    sequence: n,
    timestamp: 160 * n,
    payloadType: PAYLOAD_TYPES[codec],
    payload,
  }));
}
const voice = (codec: Codec, delayMs = 40): Arrived[] =>
  sent(codec, new SignatureSource(KEYS.expected, FROM_MS, senderRate(codec)), delayMs);
const hear = (packets: Arrived[], more: Partial<EarInput> = {}) =>
  hearEar({
    streams: [arrivedStream(packets)],
    fromMs: FROM_MS,
    toMs: FROM_MS + LASTS_MS,
    bufferMs: 50,
    expectedKey: KEYS.expected,
    ownKey: KEYS.own,
    otherKeys: [{ call: 'office-out-2', key: KEYS.other }],
    ...more,
  });

describe('what an ear is played', () => {
  for (const [codec, rateHz] of [
    ['PCMU', 8000],
    ['PCMA', 8000],
    ['G722', 8000],
    ['G722', 16_000],
  ] as const)
    it(`${codec} at ${rateHz} Hz is heard whole, its delay to 2 ms, and a hole to 20 ms`, () => {
      const whole = hear(voice(codec), { rateHz });
      assert.equal(whole.class, 'correct');
      assert.deepEqual(whole.outages, []);
      assert.ok(Math.abs((whole.delayMs ?? NaN) - 40) < 2, `${whole.delayMs}`);
      assert.equal(whole.audio.length, (LASTS_MS * rateHz) / 1000);
      const cut = hear(
        voice(codec).filter((_, n) => n < 100 || n >= 150),
        { rateHz },
      );
      assert.equal(cut.outages.length, 1);
      const { startMs, endMs } = cut.outages[0]!;
      assert.ok(startMs - FROM_MS >= 1995 && startMs - FROM_MS <= 2040, `onset ${startMs - FROM_MS}`);
      assert.ok(Math.abs(endMs - FROM_MS - 3000) <= 20, `regain ${endMs - FROM_MS}`);
    });

  it('is wideband only where all audio is G.722', () => {
    assert.equal(rateOf([arrivedStream(voice('G722'))]), 16_000);
    assert.equal(rateOf([arrivedStream(voice('G722')), arrivedStream(voice('PCMA'))]), 8000);
    assert.equal(rateOf([]), 8000);
  });

  it('goes by what SDP said of dynamic payload types', () => {
    const packets = voice('PCMA').map((packet) => ({ ...packet, payloadType: 118 }));
    assert.equal(hear(packets).heardShare, null);
    const told = hear(packets, { payloads: new Map([[118, { codec: 'pcma', clockHz: 8000 }]]) });
    assert.ok((told.heardShare ?? 0) > 0.99);
  });

  for (const [codec, clockHz, reason] of [
    ['G729', 8000, /G\.729/],
    ['SILK', 16_000, /SILK/],
  ] as const)
    it(`${codec}, which isn't decoded, is null with the reason, and never silence`, () => {
      const packets = voice('PCMU').map((packet, n) => ({
        ...packet,
        payloadType: 111,
        timestamp: (clockHz / 50) * n,
      }));
      const heard = hear(packets, { payloads: new Map([[111, { codec, clockHz }]]) });
      assert.match(heard.undecodable ?? '', reason);
      assert.deepEqual(
        [heard.heardShare, heard.delayMs, heard.mos, heard.choppiness, heard.outages],
        [null, null, null, null, []],
      );
      assert.equal(heard.class, 'other-audio');
      assert.equal(heard.packets?.received, 246);
      assert.ok(heard.packets.jitterMs < 0.01, 'jitter by the codec’s own clock');
    });

  it('an adaptive buffer is 40 ms over the 97th percentile, within 20–500', () => {
    const random = randomFrom(4);
    const jittered = (most: number) => [
      arrivedStream(voice('PCMU').map((packet) => ({ ...packet, atMs: packet.atMs + most * random() }))),
    ];
    assert.equal(adaptiveBufferMs([arrivedStream(voice('PCMU'))]), 40);
    const length = adaptiveBufferMs(jittered(100));
    assert.ok(length > 125 && length < 140, `${length}`);
    assert.equal(adaptiveBufferMs(jittered(800)), 500);
    const heard = hear(
      voice('PCMU').map((packet) => ({ ...packet, atMs: packet.atMs + 100 * random() })),
      { bufferMs: 'adaptive' },
    );
    assert.ok((heard.heardShare ?? 0) > 0.93 && (heard.packets?.late ?? 99) <= 8, `${heard.heardShare}`);
    assert.ok(Math.abs((heard.delayMs ?? NaN) - 40) < 30, `${heard.delayMs}`);
  });

  it('RFC 3389 packets are comfort noise until the next packet, however loud, and no loss', () => {
    const packets = voice('PCMU').filter((_, n) => n < 100 || n >= 150 || n % 10 === 0);
    let sequence = 0;
    const dtx = packets.map((packet) => {
      const n = packet.timestamp / 160;
      const noise = n >= 100 && n < 150;
      return {
        ...packet,
        sequence: sequence++,
        ...(noise ? { payloadType: 13, payload: noisePayload(-35) } : {}),
      };
    });
    const rendered = renderEar({
      streams: [arrivedStream(dtx)],
      fromMs: FROM_MS,
      toMs: FROM_MS + LASTS_MS,
      bufferMs: 50,
    });
    assert.equal(rendered.packetFlags.filter((flag) => flag === Frame.noise).length, 50);
    const noise = rendered.audio.subarray((2000 + 90) * 8, (3000 + 90) * 8);
    const power = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    assert.ok(
      Math.abs(10 * Math.log10(power / 32767 ** 2) + 35) < 1,
      'as loud as asked for, and not concealed',
    );
    const heard = hear(dtx);
    assert.deepEqual(
      heard.segments.map((segment) => segment.class),
      ['correct', 'comfort-noise', 'correct'],
    );
    assert.equal(heard.packets?.lost, 0);
    assert.ok((heard.mos ?? 0) > 4.3);
  });

  for (const beside of [true, false])
    it(`its own voice ${beside ? 'beside' : 'instead of'} the other's is echo, with its delay`, () => {
      const own = new SignatureSource(KEYS.own, FROM_MS - 180);
      const source = beside
        ? mixed(new SignatureSource(KEYS.expected, FROM_MS), { source: own, dB: -15 })
        : own;
      const heard = hear(sent('PCMU', source));
      assert.equal(heard.class, beside ? 'correct' : 'echo');
      assert.ok(Math.abs((heard.echo?.delayMs ?? NaN) - 220) <= 25, `${heard.echo?.delayMs}`);
      assert.equal(hear(voice('PCMU')).echo, null);
    });

  it('short holes are choppiness: how many, how long', () => {
    const heard = hear(voice('PCMU').filter((_, n) => n % 50 < 46));
    assert.deepEqual(heard.outages, []);
    assert.ok(
      Math.abs((heard.choppiness?.holesPerMinute ?? NaN) - 60) <= 15,
      JSON.stringify(heard.choppiness),
    );
    assert.ok((heard.choppiness?.longestMs ?? 0) >= 40 && (heard.choppiness?.longestMs ?? 999) <= 80);
    assert.deepEqual(hear(voice('PCMU')).choppiness, { holesPerMinute: 0, totalMs: 0, longestMs: 0 });
  });

  it('a hole that ends with the call isn’t drawn out over what was said too late to be heard', () => {
    const [delayMs, bufferMs] = [150, 200];
    const cut = voice('PCMU', delayMs).filter((_, n) => n < 226 || n >= 233);
    const heard = hear(cut, { bufferMs });
    assert.equal(heard.outages.length, 1);
    for (const { startMs, endMs } of heard.outages) assert.ok(endMs - startMs < 240, `${endMs - startMs}`);
  });

  it('after a pause the delay may be another, and the edge is where the voice came back all the same', () => {
    const later = voice('PCMU')
      .filter((_, n) => n < 100 || n >= 150)
      .map((packet, n) =>
        n < 100 ? packet : { ...packet, sequence: n, atMs: packet.atMs + 90, marker: n === 100 },
      );
    const [outage, ...others] = hear(later).outages;
    assert.deepEqual(others, []);
    const [onset, regain] = [outage!.startMs - FROM_MS - 2000, outage!.endMs - FROM_MS - 3000];
    assert.ok(onset >= -5 && onset <= 40 && Math.abs(regain) <= 5, `${onset} ${regain}`);
  });

  it('two bursts of loss with a packet between them are two', () => {
    const heard = hear(voice('PCMU').filter((_, n) => n < 100 || n >= 114 || n === 107));
    for (const { startMs, endMs } of heard.outages) assert.ok(endMs - startMs < 240, `${endMs - startMs}`);
  });

  for (const name of ['man', 'woman'] as const)
    it(`the voice of a ${name}, who plays no signature, is nobody’s`, () => {
      const samples = spoken(name);
      const heard = hear(
        sent(
          'PCMU',
          sourceOf((i) => samples[i % samples.length]!),
        ),
      );
      assert.deepEqual(
        [heard.class, heard.heardShare, heard.heardCall, heard.echo, heard.delayMs, heard.tone],
        ['other-audio', 0, null, null, null, null],
      );
    });

  it('G.722 isn’t rated on the narrowband scale, where it has no place', () => {
    assert.equal(hear(voice('G722', 20)).mos, null);
    assert.ok((hear(voice('PCMU', 20)).mos ?? 0) > 4.3);
  });
});
