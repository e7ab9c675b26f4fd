import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexCaptures } from '../../../src/evidence/field-index.js';
import { captureWriter, PHONE, SBC, streamPacket } from '../../fixtures/field-captures.js';
import { conversation, invite } from '../../fixtures/capture-corpus.js';
import { ipPacket, LINKS } from '../../fixtures/link-frames.js';
import { pcapBytes, type WirePacket } from '../../fixtures/pcap.js';

const EPOCH_MS = 1_700_000_000_000;

describe('captures from the field', () => {
  const write = captureWriter();

  it('sums a stream up, events and all', async () => {
    const { streams, sip, rtcp, startWallMs, captures } = await indexCaptures([
      write(pcapBytes(conversation(PHONE, SBC))),
    ]);
    assert.equal(startWallMs, EPOCH_MS);
    assert.equal(sip.length, 1);
    assert.deepEqual(captures[0]?.problems, []);
    assert.equal(streams.length, 1);
    const { firstMs, lastMs, mark, ...stream } = streams[0]!;
    assert.deepEqual(stream, {
      capture: 0,
      flow: {
        src: { address: SBC, port: 30000 },
        dst: { address: PHONE, port: 40000 },
        ssrc: 7,
        interface: 0,
      },
      interface: '',
      packets: 7,
      payloadBytes: 4 * 16 + 3 * 4,
      firstFrame: 2,
      lastFrame: 8,
    });
    assert.deepEqual([firstMs, lastMs].map(Math.round), [100, 220]);
    assert.equal(mark?.frame, 2);
    assert.deepEqual(
      rtcp.map(({ ssrc, seen, blocks }) => [ssrc, seen.frame, blocks.length]),
      [[7, 9, 1]],
    );
  });

  it('puts several captures on one axis, and SIP in order', async () => {
    const at = (atMs: number, cseq: number): WirePacket => ({
      ...streamPacket(0),
      atMs,
      srcPort: 5060,
      dstPort: 5060,
      payload: invite(PHONE, 40000, cseq),
    });
    const late = write(pcapBytes([at(5000, 1), at(9000, 3)]));
    const early = write(pcapBytes([at(1000, 0), at(7000, 2)]));
    const { sip, startWallMs } = await indexCaptures([late, early]);
    assert.equal(startWallMs, EPOCH_MS + 1000);
    assert.deepEqual(
      [...sip].map(({ cseq, seen }) => [cseq, seen.atMs, late.endsWith(seen.file)]),
      [
        [0, 0, false],
        [1, 4000, true],
        [2, 6000, false],
        [3, 8000, true],
      ],
    );
  });

  it('keeps no more than it may, and says what is beyond', async () => {
    const messages = Array.from({ length: 10 }, (_, n): WirePacket => ({
      ...streamPacket(n),
      srcPort: 5060,
      dstPort: 5060,
      payload: invite(PHONE, 40000, n),
    }));
    const path = write(pcapBytes(messages));
    const { sip, captures } = await indexCaptures([path, path], { sip: 14, rtcp: 0, icmp: 0 });
    assert.equal(sip.length, 14);
    assert.deepEqual(
      captures.map(({ problems }) => problems),
      [[], ['6 × SIP message beyond the number that is kept (first: frame 5)']],
    );
  });

  it('names what is no capture', async () => {
    const cases: [string, RegExp][] = [
      [join(tmpdir(), 'deadair', 'missing.pcap'), /missing\.pcap cannot be opened: ENOENT/],
      [tmpdir(), /cannot be read: EISDIR/],
      [write(Buffer.alloc(0)), /is empty/],
      [write(Buffer.from('RIFF....WAVE')), /is not a capture: it begins with 52494646/],
    ];
    for (const [path, message] of cases)
      await assert.rejects(indexCaptures([path]), { code: 'CAPTURE_UNREADABLE', message, exitCode: 64 });
    const { captures, streams } = await indexCaptures([write(pcapBytes([]))]);
    assert.deepEqual([captures[0]?.frames, captures[0]?.problems, streams], [0, [], []]);
  });

  it('names interfaces of Linux cooked captures by their number', async () => {
    const [, linkType, wrap] = LINKS.find(([name]) => name === 'Linux cooked 2')!;
    const frames = [0, 1, 2].map((n) => ({ atMs: n, frame: wrap(ipPacket(streamPacket(n))) }));
    const { streams } = await indexCaptures([write(pcapBytes(frames, { linkType }))]);
    assert.deepEqual(
      streams.map(({ interface: name, packets }) => [name, packets]),
      [['if3', 3]],
    );
  });
});
