import assert from 'node:assert/strict';
import { indexCaptures } from '../../../src/evidence/field-index.js';
import { playStreams, type StreamConsumer } from '../../../src/evidence/field-packets.js';
import { readStreams } from '../../../src/evidence/field-streams.js';
import { captureWriter, SBC, streamPacket } from '../../fixtures/field-captures.js';
import { ethernet, ipv6Fragments } from '../../fixtures/link-frames.js';
import { fragmentFrames, pcapBytes, udpFrame } from '../../fixtures/pcap.js';
import { PcapngWriter } from '../../fixtures/pcapng.js';

describe('packets of captures from the field', () => {
  const write = captureWriter();

  it('gives the packets of each group, in order, within a budget', async () => {
    const packets = [0, 1, 2, 3].flatMap((ssrc) =>
      Array.from({ length: 50 }, (_, n) =>
        streamPacket(n, { atMs: n * 20 + ssrc * 1000, ssrc, srcPort: 30000 + ssrc * 2 }),
      ),
    );
    const path = write(pcapBytes(packets.sort((a, b) => a.atMs - b.atMs)));
    const index = await indexCaptures([path]);
    const [a, b, c, d] = index.streams;
    const groups = [[d!], [b!, a!], [c!]];
    for (const budget of [undefined, 15_000, 6500]) {
      const seen = [];
      for await (const { group, streams, leftOut } of readStreams(index, groups, budget)) {
        assert.equal(leftOut, budget === 6500 && group === 1 ? 48 : 0);
        for (const [i, stream] of streams.entries()) {
          assert.equal(stream.ssrc, groups[group]![i]!.flow.ssrc);
          const { length } = stream.sequence;
          assert.deepEqual(
            [...stream.sequence],
            Array.from({ length }, (_, n) => n),
          );
          assert.deepEqual(
            stream.payload.map((payload) => [payload.length, payload[99]]),
            Array.from({ length }, (_, n) => [100, n]),
          );
        }
        seen.push([group, streams.map(({ sequence }) => sequence.length)]);
      }
      assert.deepEqual(
        seen,
        [
          [1, budget === 6500 ? [26, 26] : [50, 50]],
          [2, [50]],
          [0, [50]],
        ],
        `budget ${budget}`,
      );
    }
  });

  it('empties the columns of groups that were let go of, for whoever still holds them', async () => {
    const packets = [7, 8].flatMap((ssrc) => [0, 1, 2].map((n) => streamPacket(n, { ssrc })));
    const index = await indexCaptures([write(pcapBytes(packets))]);
    const groups = index.streams.map((stream) => [stream]);
    const held = [];
    for await (const { streams } of readStreams(index, groups, 400)) {
      assert.deepEqual([...streams[0]!.sequence], [0, 1, 2]);
      held.push(streams[0]!);
    }
    assert.deepEqual(
      held.map(({ sequence, payload }) => [sequence.length, payload[0]!.length]),
      [
        [0, 0],
        [3, 100],
      ],
    );
  });

  it('leaves packets out of the second pass that the first had given up', async () => {
    const flood = Array.from({ length: 5000 }, (_, n) => streamPacket(n % 100, { ssrc: n + 100 }));
    const lasting = [0, 1, 2].map((n) => streamPacket(n, { ssrc: 9 }));
    const again = [5, 6, 7].map((n) => streamPacket(n, { ssrc: 7 }));
    const index = await indexCaptures([write(pcapBytes([...lasting, streamPacket(1), ...flood, ...again]))]);
    assert.deepEqual(
      index.streams.map(({ flow, packets, firstFrame }) => [flow.ssrc, packets, firstFrame]),
      [
        [9, 3, 1],
        [7, 3, 5005],
      ],
    );
    for await (const { streams, leftOut } of readStreams(index, [index.streams])) {
      assert.deepEqual([...streams[1]!.sequence], [5, 6, 7]);
      assert.equal(leftOut, 0);
    }
  });

  it('hands packets on as they come, and says when a stream has ended', async () => {
    const path = write(
      pcapBytes([
        ...[0, 1, 2].map((n) => streamPacket(n)),
        streamPacket(3, { ssrc: 8 }),
        streamPacket(3),
        streamPacket(4),
      ]),
    );
    const index = await indexCaptures([path]);
    const heard: string[] = [];
    const consumer: StreamConsumer = {
      packet: ({ sequence, bytes, start, end }) =>
        heard.push(`${sequence}: ${end - start} × ${bytes[start]}`),
      end: () => heard.push('end'),
    };
    await playStreams(index, new Map([[index.streams[0]!, consumer]]));
    assert.deepEqual(heard, ['0: 100 × 0', '1: 100 × 1', '2: 100 × 2', '3: 100 × 3', '4: 100 × 4', 'end']);
  });

  it('finds streams again that begin with fragments, are IPv6, or on an interface of many', async () => {
    const v6 = { src: '2001:db8:0:0:0:0:0:1', dst: '0:0:0:0:0:ffff:c612:1' };
    const fragmented = [0, 1, 2].flatMap((n) => fragmentFrames({ ...streamPacket(n), id: n }, 64));
    const fragmented6 = [0, 1, 2].flatMap((n) =>
      ipv6Fragments({ ...streamPacket(n), ...v6, id: n }, 64).map((ip) => ethernet(0x86dd, ip)),
    );
    const plain6 = [0, 1, 2].map((n) => udpFrame({ ...streamPacket(n), ...v6, srcPort: 30002 }));
    const frames = [...fragmented, ...fragmented6, ...plain6];
    const writer = new PcapngWriter()
      .section()
      .interface(1)
      .interface(1, [{ code: 2, value: Buffer.from('b') }]);
    for (const frame of frames) for (const which of [0, 1]) writer.packet(which, 0n, frame);
    const index = await indexCaptures([write(writer.bytes())]);
    assert.deepEqual(
      index.streams.map((stream) => [stream.interface, stream.flow.src.address, stream.packets]),
      [SBC, '2001:db8::1', '2001:db8::1'].flatMap((src) => ['if0', 'b'].map((name) => [name, src, 3])),
    );
    for await (const { streams } of readStreams(
      index,
      index.streams.map((stream) => [stream]),
    ))
      assert.deepEqual([...streams[0]!.sequence], [0, 1, 2]);
  });
});
