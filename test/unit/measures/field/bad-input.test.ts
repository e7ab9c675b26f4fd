import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeCaptures } from '../../../../src/run/analyze.js';
import { callPackets, CaptureFolder, mediaBack, mediaPackets } from '../../../fixtures/field.js';
import { pcapBytes } from '../../../fixtures/pcap.js';
import { randomFrom } from '../../../fixtures/streams.js';

const PACKETS = [
  ...callPackets(),
  ...mediaPackets({ fromMs: 3020, toMs: 9000 }),
  ...mediaBack({ fromMs: 3020, toMs: 9000 }),
].sort((a, b) => a.atMs - b.atMs);

describe('captures that are not what they should be', () => {
  let folder: CaptureFolder;
  beforeEach(() => (folder = new CaptureFolder()));
  afterEach(() => folder[Symbol.dispose]());
  const file = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder.path, name);
    writeFileSync(path, bytes);
    return path;
  };

  it('are told apart from captures, with exit code 64', async () => {
    const bad = [
      file('empty.pcap', ''),
      file('text.pcap', 'this is no capture\n'),
      join(folder.path, 'missing.pcap'),
    ];
    for (const path of [...bad, folder.path])
      await assert.rejects(analyzeCaptures([path]), (error: { exitCode?: number; message: string }) => {
        assert.equal(error.exitCode, 64);
        assert.ok(error.message.startsWith(path), error.message);
        return true;
      });
  });

  it('are judged as far as they can be read, with exit code 2', async () => {
    const whole = pcapBytes(PACKETS);
    const result = await analyzeCaptures([file('cut.pcap', whole.subarray(0, whole.length - 50))]);
    assert.equal(result.exitCode, 2);
    assert.match(result.captures[0]!.problems.join(), /cut off/);
    assert.deepEqual([result.calls.length, result.calls[0]?.ears.callee?.class], [1, 'other-audio']);
  });

  it('without SIP still have their streams', async () => {
    const media = PACKETS.filter(({ dstPort }) => dstPort !== 5060);
    const result = await analyzeCaptures([folder.write('rtp.pcap', media)]);
    assert.equal(result.exitCode, 0);
    assert.deepEqual([result.calls.length, result.loose.length], [0, 1]);
    const [pair] = result.loose;
    assert.deepEqual(
      pair!.streams.map(({ figures, codec }) => [figures.received, codec]),
      [
        [299, 'PCMU'],
        [299, 'PCMU'],
      ],
    );
  });

  it('without media say nothing of audio', async () => {
    const result = await analyzeCaptures([folder.write('sip.pcap', callPackets())]);
    assert.deepEqual(
      [result.exitCode, result.findings.map(({ code, severity }) => [code, severity])],
      [0, [['NO_MEDIA_CAPTURED', 'note']]],
    );
  });

  it('without anything are no good result', async () => {
    assert.equal((await analyzeCaptures([folder.write('none.pcap', [])])).exitCode, 2);
    const other = { ...PACKETS[0]!, payload: 'hello', dstPort: 9 };
    assert.equal((await analyzeCaptures([folder.write('other.pcap', [other])])).exitCode, 2);
  });

  it('may claim a call of a year: no more than half an hour is listened to', async () => {
    const year = 365 * 86_400_000;
    const late = PACKETS.slice(-3).map((packet) => ({ ...packet, atMs: packet.atMs + year }));
    const { calls } = await analyzeCaptures([folder.write('year.pcap', [...PACKETS.slice(0, -3), ...late])]);
    const { startMs, endMs } = calls[0]!.ears.callee!.heard;
    assert.ok(calls[0]!.endedAt! > year && endMs - startMs <= 30 * 60_000, `${startMs}–${endMs}`);
  });

  it('do not bring it down, wherever bytes are changed', async () => {
    const random = randomFrom(11);
    const bytes = pcapBytes(PACKETS.filter((_, i) => i < 40));
    for (let round = 0; round < 20; round++) {
      const mutated = Buffer.from(bytes);
      for (let n = 0; n < 1 + round; n++)
        mutated[24 + Math.floor(random() * (mutated.length - 24))] = random() * 256;
      const result = await analyzeCaptures([file('mutated.pcap', mutated)]);
      assert.ok([0, 1, 2].includes(result.exitCode));
    }
  });
});
