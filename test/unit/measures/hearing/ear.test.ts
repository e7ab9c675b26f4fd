import assert from 'node:assert/strict';
import { earMeasure } from '../../../../src/measures/hearing/ear.js';
import { meanJitterMs } from '../../../../src/measures/hearing/interarrival.js';
import { Frame, renderEar } from '../../../../src/measures/hearing/jitter-buffer.js';
import { listen } from '../../../../src/measures/hearing/listen.js';
import { mosEstimate } from '../../../../src/measures/hearing/mos.js';
import { FROM_MS, hear, KEYS, speaking } from '../../../fixtures/ears.js';
import { streamOf } from '../../../fixtures/streams.js';

describe('ear', () => {
  it('rates loss and delay with the E-model', () => {
    const lossy = speaking(5000, { delayMs: 130 }).filter((_, i) => i % 10 !== 5);
    const heard = hear([streamOf(lossy)], 5000);
    // Every tenth frame of 20 ms is lost, alone: bursts of 1, so that BurstR is at its least.
    const expected = mosEstimate({ codec: 'PCMU', lossShare: 0.1, burstR: 1, oneWayDelayMs: 180 }) ?? NaN;
    assert.ok(Math.abs((heard.mos ?? NaN) - expected) < 0.05, `${heard.mos} instead of ${expected}`);
    assert.equal(heard.packets?.lost, 24);
  });

  it('rates an ear that went deaf for half of the call as bad', () => {
    const heard = hear([streamOf(speaking(5000).slice(0, 125))], 5000);
    assert.equal(heard.mos, 1);
  });

  it('gives the same in two steps, for callers that write a recording in between', () => {
    const streams = [streamOf(speaking(5000).filter((_, i) => i < 100 || i > 140))];
    const { audio, ...whole } = hear(streams, 5000);
    const rendered = renderEar({ streams, fromMs: FROM_MS, toMs: FROM_MS + 5000, bufferMs: 50 });
    const heard = listen({
      audio: rendered.audio,
      flags: rendered.flags,
      fromMs: FROM_MS,
      bufferMs: 50,
      expectedKey: KEYS.expected,
      ownKey: KEYS.own,
      otherKeys: [],
    });
    assert.deepEqual(earMeasure(streams, rendered, heard, 50), whole);
    assert.deepEqual(audio, rendered.audio);
    assert.equal(whole.packets?.lost, 41);
    assert.equal(rendered.flags[110], Frame.lost);
  });

  it('reckons interarrival jitter as RFC 3550 does', () => {
    const late = [0, 0, 16, 0];
    const packets = speaking(80, { delayMs: 0 }).map((packet, i) => ({
      ...packet,
      atMs: packet.atMs + late[i]!,
    }));
    // D = 0, 16, −16: J = 0, 1, 1 + 15/16.
    assert.ok(Math.abs(meanJitterMs(streamOf(packets)) - (0 + 1 + 1.9375) / 3) < 1e-9);
  });
});
