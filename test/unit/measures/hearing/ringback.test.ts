import assert from 'node:assert/strict';
import { ToneSource, type CallProgressTone } from '../../../../src/audio/tones.js';
import { firstRingback } from '../../../../src/measures/hearing/ringback.js';
import { renderEar } from '../../../../src/measures/hearing/jitter-buffer.js';
import { dropRandomly, KEYS, noise } from '../../../fixtures/ears.js';
import { packetize, signed, sourceOf, streamOf, type Packet } from '../../../fixtures/streams.js';

const BUFFER_MS = 50;
const tone = (name: CallProgressTone, fromMs: number, toMs: number): Packet[] =>
  packetize({ source: new ToneSource(name), fromMs, toMs, delayMs: 30 });
const ringbackIn = (packets: Packet[], toMs = 6000): number | null => {
  const rendered = renderEar({ streams: [streamOf(packets)], fromMs: 0, toMs, bufferMs: BUFFER_MS });
  return firstRingback(rendered.audio, rendered.fromMs);
};

describe('audible ringback', () => {
  for (const name of ['ringback-us', 'ringback-etsi', 'ringback-uk'] as const)
    for (const startMs of [0, 1234])
      it(`${name} from ${startMs} ms on is found to 15 ms`, () => {
        const found = ringbackIn(tone(name, startMs, 6000));
        const expected = startMs + 30 + BUFFER_MS;
        assert.ok(found !== null && Math.abs(found - expected) <= 15, `${found} instead of ${expected}`);
      });

  for (const name of ['busy-us', 'busy-etsi', 'congestion-us', 'congestion-etsi', 'sit', 'silence'] as const)
    it(`${name} is no ringback`, () => assert.equal(ringbackIn(tone(name, 0, 6000)), null));

  it('neither is a voice, noise or nothing', () => {
    assert.equal(ringbackIn(signed(KEYS.expected, 0, 6000)), null);
    assert.equal(ringbackIn(packetize({ source: noise(-20), fromMs: 0, toMs: 6000 })), null);
    assert.equal(ringbackIn([]), null);
  });

  it('neither is one tone of a pair alone', () => {
    const lone = sourceOf((i) => 3000 * Math.sin((2 * Math.PI * 480 * i) / 8000));
    assert.equal(ringbackIn(packetize({ source: lone, fromMs: 0, toMs: 6000 })), null);
  });

  it('is found after silence, and at 10 % loss', () => {
    const silent = tone('silence', 0, 2000);
    const ringing = packetize({
      source: new ToneSource('ringback-us'),
      fromMs: 2000,
      toMs: 6000,
      delayMs: 30,
      firstSequence: 1100,
      firstTimestamp: 5000 + 16000,
    });
    const found = ringbackIn(dropRandomly([...silent, ...ringing], 0.1, 4));
    assert.ok(found !== null && Math.abs(found - 2080) <= 40, `${found}`);
  });

  it('counts a first ring that the answer cuts short', () => {
    const found = ringbackIn(tone('ringback-etsi', 500, 900), 980);
    assert.ok(found !== null && Math.abs(found - 580) <= 15, `${found}`);
  });
});
