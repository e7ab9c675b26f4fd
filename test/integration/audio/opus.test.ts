import assert from 'node:assert/strict';
import { startOpusDecoder } from '../../../src/audio/codecs.js';
import { SignatureSource } from '../../../src/audio/signature.js';
import type { AudioSource, RateHz } from '../../../src/audio/source.js';
import { hearEar, type EarHearing } from '../../../src/measures/hearing/ear.js';
import { Frame, type RenderedEar } from '../../../src/measures/hearing/jitter-buffer.js';
import { renderAnyEar } from '../../../src/measures/hearing/opus.js';
import { FROM_MS, KEYS } from '../../fixtures/ears.js';
import { arrivedStream, nextFrame, PAYLOAD_TYPES, PAYLOADS, type Arrived } from '../../fixtures/encoding.js';
import { ffmpeg, opusFile, opusPackets, type OpusSettings } from '../../fixtures/opus.js';
import { randomFrom, sourceOf } from '../../fixtures/streams.js';
import { voice } from '../../fixtures/voices.js';

const LASTS_MS = 5000;
const DELAY_MS = 40;
/** libopus looks so far ahead (RFC 7845 §4.2 calls it pre-skip). */
const LOOKAHEAD_MS = 6.5;

const framesOf = (source: AudioSource): Int16Array[] =>
  Array.from({ length: LASTS_MS / 20 }, () => nextFrame(source, 16_000));
const signature = () => framesOf(new SignatureSource(KEYS.expected, FROM_MS, 16_000));
/** A voice at 8 kHz, each sample twice. */
function speech(): Int16Array[] {
  const samples = voice('man');
  return framesOf(sourceOf((i) => samples[i >> 1] ?? 0));
}

const arrived = (payloads: readonly Uint8Array[], frameMs = 20): Arrived[] =>
  payloads.map((payload, n) => ({
    atMs: FROM_MS + n * frameMs + DELAY_MS,
    sequence: n,
    timestamp: n * frameMs * 48,
    payloadType: PAYLOAD_TYPES.OPUS,
    payload,
  }));

async function hear(
  packets: readonly Arrived[],
  rateHz: RateHz = 8000,
): Promise<{ heard: EarHearing; rendered: RenderedEar }> {
  const input = {
    streams: [arrivedStream(packets)],
    fromMs: FROM_MS,
    toMs: FROM_MS + LASTS_MS,
    bufferMs: 50,
    expectedKey: KEYS.expected,
    ownKey: KEYS.own,
    otherKeys: [{ call: 'office-out-2', key: KEYS.other }],
    payloads: PAYLOADS,
    rateHz,
  };
  const rendered = await renderAnyEar(input);
  return { heard: hearEar(input, rendered), rendered };
}

/** How far `theirs` is from `ours`, in dB under it, at the lag (of a few samples) and the level that fit best. */
function likeness(ours: Int16Array, theirs: Int16Array, aboutLag: number): number {
  let best = -Infinity;
  for (let lag = aboutLag - 4; lag <= aboutLag + 4; lag++) {
    const [a, b] = [ours.subarray(lag), theirs];
    let [aa, ab, bb] = [0, 0, 0];
    for (let i = 1600; i < Math.min(a.length, b.length) - 1600; i++) {
      aa += a[i]! * a[i]!;
      ab += a[i]! * b[i]!;
      bb += b[i]! * b[i]!;
    }
    best = Math.max(best, -10 * Math.log10(Math.max(1e-12, 1 - (ab * ab) / (aa * bb))));
  }
  return best;
}

describe('Opus beside ffmpeg', function () {
  this.timeout(30_000);

  // ffmpeg's own decoder shares no code with libopus, which decodes here and which encodes.
  for (const [name, frames, settings] of [
    ['a voice, SILK narrowband', speech, { bitrate: 8000 }],
    ['a voice, SILK wideband', speech, { bitrate: 16_000 }],
    ['a voice, CELT', speech, { bitrate: 64_000, application: 'lowdelay' }],
    ['a signature, SILK wideband', signature, { bitrate: 16_000 }],
    ['a signature, CELT, packets of 60 ms', signature, { bitrate: 32_000, frameMs: 60 }],
  ] as [string, () => Int16Array[], OpusSettings][])
    it(`sounds the same: ${name}`, async () => {
      const encoded = frames();
      const theirs = ffmpeg(
        opusFile(encoded, settings),
        '-c:a',
        'opus',
        '-f',
        'ogg',
        '-i',
        '-',
        '-f',
        's16le',
        '-ar',
        '16000',
      );
      const decoder = await startOpusDecoder(16_000);
      const parts = opusPackets(encoded, settings).map((packet) => decoder.decode(packet));
      const ours = Int16Array.from(parts.flatMap((part) => [...part]));
      assert.equal(ours.length, parts.length * (settings.frameMs ?? 20) * 16);
      const lookahead = settings.application === 'lowdelay' ? 2.5 : LOOKAHEAD_MS;
      const dB = likeness(
        ours,
        new Int16Array(theirs.buffer, theirs.byteOffset, theirs.length >> 1),
        lookahead * 16,
      );
      // ffmpeg brings 48 kHz down to 16, which shifts by parts of a sample.
      assert.ok(dB > 15, `${dB} dB`);
    });

  for (const bitrate of [6000, 8000, 12_000, 24_000, 64_000])
    for (const rateHz of [8000, 16_000] as const)
      it(`the signature comes through at ${bitrate / 1000} kbit/s, heard at ${rateHz} Hz`, async () => {
        const packets = arrived(opusPackets(signature(), { bitrate }));
        const { heard } = await hear(packets, rateHz);
        assert.deepEqual([heard.class, heard.outages], ['correct', []]);
        assert.ok((heard.heardShare ?? 0) > 0.95, `${heard.heardShare}`);
        assert.ok(Math.abs((heard.delayMs ?? NaN) - DELAY_MS - LOOKAHEAD_MS) < 1, `${heard.delayMs}`);
        assert.deepEqual([heard.mos, heard.undecodable], [null, null]);
        const random = randomFrom(bitrate);
        const lossy = (
          await hear(
            packets.filter(() => random() >= 0.2),
            rateHz,
          )
        ).heard;
        assert.equal(lossy.class, 'correct');
        assert.ok(lossy.outages.every(({ startMs, endMs }) => endMs - startMs < 240));
      });

  it('what is lost is concealed for 60 ms, counted as lost, and a hole has its edges', async () => {
    const packets = arrived(opusPackets(signature(), { bitrate: 24_000 }));
    const { heard, rendered } = await hear(packets.filter((_, n) => n < 100 || n >= 150));
    const [outage, ...others] = heard.outages;
    assert.deepEqual(others, []);
    const [onset, regain] = [outage!.startMs - FROM_MS - 2000, outage!.endMs - FROM_MS - 3000];
    assert.ok(onset >= -20 && onset <= 60 && regain >= -20 && regain <= 60, `${onset} ${regain}`);
    const gap = rendered.audio.subarray((2000 + 90) * 8, (3000 + 90) * 8);
    assert.ok(
      gap.subarray(0, 160).some((sample) => Math.abs(sample) > 500),
      'concealed',
    );
    assert.ok(
      gap.subarray(60 * 8, -8).every((sample) => sample === 0),
      'and no longer',
    );
    assert.equal(rendered.packets.lost, 50);
    // Packet n is played 90 ms later, four frames and a half.
    assert.ok(!rendered.packetFlags.subarray(105, 153).includes(Frame.received));
  });

  it('a pause of the sender (DTX) is comfort noise, and no outage of the network', async () => {
    // A packet of no more than its first byte every 400 ms, as libopus sends them in a pause.
    const sent = arrived(opusPackets(signature(), { bitrate: 16_000 }))
      .filter((_, n) => n < 125 || n % 20 === 5)
      .map((packet, n) => ({
        ...packet,
        sequence: n,
        payload: n < 125 ? packet.payload : packet.payload.subarray(0, 1).map((toc) => toc & ~3),
      }));
    const { heard, rendered } = await hear(sent);
    assert.equal(rendered.packets.lost, 0);
    assert.equal(heard.segments.at(-1)?.class, 'comfort-noise');
  });

  it('what is said to be Opus and isn’t has no audio, and the reason', async () => {
    const { heard } = await hear(arrived(Array.from({ length: 250 }, () => Uint8Array.of(11))));
    assert.match(heard.undecodable ?? '', /OPUS/);
    assert.deepEqual([heard.heardShare, heard.outages], [null, []]);
  });

  it('a damaged packet is one that is missing', async () => {
    const packets = arrived(opusPackets(signature(), { bitrate: 24_000 }));
    const damaged = packets.map((packet, n) =>
      n % 10 === 5 ? { ...packet, payload: Uint8Array.of(11) } : packet,
    );
    const { heard } = await hear(damaged);
    assert.equal(heard.class, 'correct');
    assert.ok((heard.heardShare ?? 0) > 0.8);
  });
});
