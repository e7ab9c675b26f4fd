import assert from 'node:assert/strict';
import { hearEar } from '../../../../src/measures/hearing/ear.js';
import { meanJitterMs } from '../../../../src/measures/hearing/interarrival.js';
import { Frame, renderEar } from '../../../../src/measures/hearing/jitter-buffer.js';
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

  it('gives the same of a recording, for callers that write one in between', () => {
    const streams = [streamOf(speaking(5000).filter((_, i) => i < 100 || i > 140))];
    const whole = hear(streams, 5000);
    const input = {
      streams,
      fromMs: FROM_MS,
      toMs: FROM_MS + 5000,
      bufferMs: 50,
      expectedKey: KEYS.expected,
      ownKey: KEYS.own,
      otherKeys: [],
    };
    const rendered = renderEar(input);
    assert.deepEqual(hearEar(input, { ...rendered, audio: rendered.audio.slice() }), whole);
    const erased = hearEar(input, { ...rendered, audio: new Int16Array(rendered.audio.length) });
    assert.equal(erased.heardShare, 0, 'it is the recording that is judged');
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
