import assert from 'node:assert/strict';
import { evidenceOf, PHONE, rtp, SBC, sip } from '../../fixtures/evidence.js';
import { rtpPacket, type WirePacket } from '../../fixtures/pcap.js';

describe('RtpCollector', () => {
  it('gives RTP as columns', async () => {
    const { rtp: streams } = await evidenceOf([0, 1, 2, 3].map((n) => rtp(n)));
    assert.equal(streams.length, 1);
    const { atMs, payload, ...stream } = streams[0]!;
    assert.deepEqual(stream, {
      file: 'captures/phone.sbc.pcap',
      node: 'phone',
      interface: 'sbc',
      src: { address: SBC, port: 30000 },
      dst: { address: PHONE, port: 40002 },
      ssrc: 7,
      sent: false,
      frame: Uint32Array.of(1, 2, 3, 4),
      sequence: Uint16Array.of(65534, 65535, 0, 1),
      timestamp: Uint32Array.of(0, 160, 320, 480),
      payloadType: Uint8Array.of(0, 0, 0, 0),
      marker: Uint8Array.of(1, 0, 0, 0),
    });
    assert.deepEqual(Array.from(atMs, Math.round), [100, 120, 140, 160]);
    assert.deepEqual(
      payload.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)]),
      [0, 1, 2, 3].map((n) => [160, n, n]),
    );
  });

  it('leaves header extension, contributing sources and padding out of the payload', async () => {
    const odd = (n: number) => {
      const header = rtpPacket({ sequence: n, timestamp: n, ssrc: 9, payload: Buffer.alloc(0) });
      header[0] = 0x80 | 0x20 | 0x10 | 1;
      const extension = Buffer.from([0, 0, 0, 1, 9, 9, 9, 9]);
      const body = Buffer.concat([
        header,
        Buffer.from('csrc'),
        extension,
        Buffer.from('voice'),
        Buffer.from([0, 0, 3]),
      ]);
      return { ...rtp(n), payload: body };
    };
    const { rtp: streams } = await evidenceOf([0, 1, 2].map(odd));
    assert.equal(Buffer.from(streams[0]!.payload[0]!).toString(), 'voice');
  });

  it('keeps streams apart by point, addresses and SSRC', async () => {
    const packets = [0, 1, 2].flatMap((n) => [rtp(n), rtp(n, { ssrc: 8 }), rtp(n, { srcPort: 30004 })]);
    const { rtp: streams } = await evidenceOf(packets, packets);
    assert.equal(streams.length, 6);
    for (const stream of streams) assert.equal(stream.sequence.length, 3);
  });

  it('believes an SDP seen anywhere in the run: odd port, dynamic type, a single packet', async () => {
    const toAnnounced = { dstPort: 40001, payloadType: 101 };
    assert.equal((await evidenceOf([rtp(0, toAnnounced)])).rtp.length, 0);
    assert.equal((await evidenceOf([rtp(0, toAnnounced)], [], [sip(0, 1)])).rtp.length, 1);
    const fromAnnounced = { src: PHONE, srcPort: 40001, dst: SBC, dstPort: 30001 };
    assert.deepEqual(
      (await evidenceOf([sip(0, 1), rtp(0, fromAnnounced)])).rtp.map(({ sent }) => sent),
      [true],
    );
  });

  it('is not misled by what only resembles RTP', async () => {
    const lookalikes: WirePacket[][] = [
      // Too few in sequence.
      [rtp(0), rtp(1), rtp(5), rtp(6)],
      // To an odd port.
      [0, 1, 2, 3].map((n) => rtp(n, { dstPort: 40003 })),
      // A payload type nobody uses.
      [0, 1, 2, 3].map((n) => rtp(n, { payloadType: 77 })),
      [0, 1, 2, 3].map((n) => rtp(n, { payloadType: 120 })),
      // RTCP: sender report.
      [0, 1, 2, 3].map((n) => rtp(n, { payload: Buffer.from([0x80, 200, 0, 6, ...Buffer.alloc(24, n)]) })),
      // DNS whose transaction identifier has the version bits.
      [0, 1, 2, 3].map((n) =>
        rtp(n, { payload: Buffer.from([0x80, n, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 65, 0]) }),
      ),
      // Version 1, and a padding longer than the packet.
      [0, 1, 2, 3].map((n) => rtp(n, { payload: Buffer.from([0x40, 0, 0, n, ...Buffer.alloc(20)]) })),
      [0, 1, 2, 3].map((n) => rtp(n, { payload: Buffer.from([0xa0, 0, 0, n, ...Buffer.alloc(8, 255)]) })),
    ];
    for (const [i, packets] of lookalikes.entries()) {
      const { rtp: streams, captures } = await evidenceOf(packets);
      assert.equal(streams.length, 0, `lookalike ${i}`);
      assert.deepEqual(captures[0]?.problems, []);
    }
  });

  it('leaves RTCP out, also on the port of the RTP', async () => {
    // The length field stands where RTP has its sequence number.
    const report = (n: number) => Buffer.from([0x81, 200, 0, 6 + n, ...Buffer.alloc(28 + n * 4, 1)]);
    const packets = [0, 1, 2].map((n) => rtp(n, { dstPort: 40001, payload: report(n) }));
    assert.deepEqual((await evidenceOf([sip(0, 1), ...packets])).rtp, []);
  });

  it('bounds what it keeps of packets with ever new SSRCs, and says so', async () => {
    const flood = Array.from({ length: 5000 }, (_, n) => rtp(n % 100, { ssrc: n + 100 }));
    const { rtp: streams, captures } = await evidenceOf([...flood, rtp(0), rtp(1), rtp(2)]);
    assert.deepEqual(
      streams.map(({ ssrc }) => ssrc),
      [7],
    );
    assert.match(captures[0]?.problems[0] ?? '', /^905 × packet that looked like RTP left out/);
  });
});
