import assert from 'node:assert/strict';
import { analyzeCaptures, type AnalyzeOptions } from '../../../../src/run/analyze.js';
import { callPackets, CaptureFolder, mediaBack, mediaPackets } from '../../../fixtures/field.js';

/** Each packet comes 0–119 ms late, never before the one ahead of it. */
const jittery = mediaBack({ fromMs: 3020, toMs: 9000 })
  .map((packet, i) => ({ ...packet, atMs: packet.atMs + ((i * 37) % 120) }))
  .sort((a, b) => a.atMs - b.atMs);

async function ears(options: AnalyzeOptions, lost: (n: number) => boolean = () => false) {
  using folder = new CaptureFolder();
  const media = [...mediaPackets({ fromMs: 3020, toMs: 9000 }), ...jittery.filter((_, n) => !lost(n))];
  const packets = [...callPackets(), ...media.sort((a, b) => a.atMs - b.atMs)];
  const { calls } = await analyzeCaptures([folder.write('one.pcap', packets)], options);
  return { caller: calls[0]!.ears.caller!, callee: calls[0]!.ears.callee! };
}

describe('the jitter buffer of an ear', () => {
  it('is 50 ms unless told otherwise, and what comes later is lost to it', async () => {
    const { caller, callee } = await ears({});
    assert.equal(caller.bufferMs, 50);
    assert.ok(caller.packets.late > 100, `${caller.packets.late} late`);
    assert.equal(callee.packets.late, 0);
    const longer = await ears({ buffer: 200 });
    assert.deepEqual([longer.caller.bufferMs, longer.caller.packets.late], [200, 0]);
    assert.ok(longer.caller.mos.listening! > caller.mos.listening! + 1);
  });

  it('fits itself to each ear if it is adaptive', async () => {
    const { caller, callee } = await ears({ buffer: 'adaptive' });
    assert.ok(caller.bufferMs > 120 && caller.bufferMs < 200, `${caller.bufferMs} ms`);
    assert.equal(caller.packets.late, 0);
    assert.ok(callee.bufferMs < caller.bufferMs);
  });

  it('tells how loss is spread, late packets included', async () => {
    const { caller } = await ears({ buffer: 200 }, (n) => n >= 100 && n < 110);
    assert.equal(caller.loss?.burst.count, 1);
    assert.ok(caller.loss.share > 0.02 && caller.loss.share < 0.05);
    assert.ok(caller.loss.burstR > 1.5, `${caller.loss.burstR}`);
    // Packets that come in time between late ones must not hide these.
    const { loss, packets } = (await ears({})).caller;
    assert.ok(loss && packets.late > 150);
    assert.ok(Math.abs(loss.share - packets.late / packets.received) < 0.02, `${loss.share}`);
  });
});
