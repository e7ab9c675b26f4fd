import assert from 'node:assert/strict';
import { dstAddress, srcAddress } from '../../../src/evidence/datagram.js';
import type { CapturedFrame } from '../../../src/evidence/captured-frame.js';
import { PacketDecoder } from '../../../src/evidence/packet.js';
import { Tally } from '../../../src/evidence/tally.js';
import { ethernet, ipPacket, ipv6Fragments, ipv6Packet, LINKS } from '../../fixtures/link-frames.js';
import { fragmentFrames, ipv4Frame, udpFrame } from '../../fixtures/pcap.js';

const packet = {
  atMs: 0,
  src: '198.18.0.1',
  dst: '198.18.7.254',
  srcPort: 5060,
  dstPort: 40000,
  payload: 'hello',
};

/** Decodes frames, 1 ms apart unless told, and gives what the sink saw. */
function decode(frames: Buffer[], { gapMs = 1, linkType = 1 } = {}) {
  const problems = new Tally();
  const seen: object[] = [];
  const decoder = new PacketDecoder(problems, (d) => {
    const text = d.bytes.toString('latin1', d.start, d.end);
    const { protocol, frame, srcPort, dstPort } = d;
    seen.push({ protocol, frame, src: srcAddress(d), srcPort, dst: dstAddress(d), dstPort, text });
  });
  frames.forEach((bytes, i) => {
    const frame: CapturedFrame = {
      linkType,
      interface: 0,
      position: 0,
      section: { format: 'pcap', littleEndian: true, interfaces: [] },
      bytes,
      start: 0,
      end: bytes.length,
      number: i + 1,
      wallMs: 0,
      originalLength: bytes.length,
    };
    decoder.decode(frame, i * gapMs);
  });
  decoder.finish();
  return { seen, problems: problems.texts() };
}

const hello = {
  protocol: 'udp',
  frame: 1,
  src: '198.18.0.1',
  srcPort: 5060,
  dst: '198.18.7.254',
  dstPort: 40000,
  text: 'hello',
};

describe('PacketDecoder', () => {
  it('finds UDP in plain, VLAN-tagged and padded frames', () => {
    const padded = Buffer.concat([udpFrame(packet), Buffer.alloc(13)]);
    for (const frame of [udpFrame(packet), udpFrame({ ...packet, vlan: 42 }), padded])
      assert.deepEqual(decode([frame]), { seen: [hello], problems: [] });
  });

  it('ends a UDP payload where its own length says', () => {
    const udp = Buffer.concat([udpFrame(packet).subarray(34), Buffer.from('left over')]);
    assert.deepEqual(decode([ipv4Frame(packet, 17, udp)]), { seen: [hello], problems: [] });
  });

  it('finds UDP in IPv6, with addresses in canonical form', () => {
    const src = '2001:db8:0:0:0:0:0:1';
    const { seen, problems } = decode([udpFrame({ ...packet, src, dst: '2001:db8:0:0:0:0:a:b' })]);
    assert.deepEqual(problems, []);
    assert.deepEqual(seen, [{ ...hello, src: '2001:db8::1', dst: '2001:db8::a:b' }]);
  });

  const v6 = { ...packet, src: '2001:db8:0:0:0:0:0:1', dst: '2001:db8:0:0:0:0:a:b' };
  const hello6 = { ...hello, src: '2001:db8::1', dst: '2001:db8::a:b' };
  for (const [name, linkType, wrap] of LINKS)
    it(`finds IPv4 and IPv6 in frames of ${name}`, () => {
      const frames = [wrap(ipPacket(packet)), wrap(ipPacket(v6))];
      const { seen, problems } = decode(frames, { linkType });
      assert.deepEqual(problems, []);
      assert.deepEqual(seen, [hello, { ...hello6, frame: 2 }]);
      // A piece of a header is not read beyond its end.
      for (let length = 0; length < frames[0]!.length - 6; length++)
        assert.deepEqual(decode([frames[0]!.subarray(0, length)], { linkType }).seen, []);
    });

  it('tells a link type that it does not know, and leaves other protocols', () => {
    const { seen, problems } = decode([udpFrame(packet)], { linkType: 127 });
    assert.deepEqual(seen, []);
    assert.deepEqual(problems, ['1 × frame of link type 127, which is not read (first: frame 1)']);
    assert.deepEqual(decode([ethernet(0x0806, Buffer.alloc(28))]), { seen: [], problems: [] });
  });

  it('goes through IPv6 extension headers', () => {
    const udp = ipPacket(v6).subarray(40);
    const extensions = [
      { type: 0, rest: Buffer.of(0, 1, 4, 0, 0, 0, 0) },
      { type: 60, rest: Buffer.of(1, 1, 12, ...Buffer.alloc(12)) },
      { type: 51, rest: Buffer.of(4, ...Buffer.alloc(22)) },
    ];
    const { seen, problems } = decode([ethernet(0x86dd, ipv6Packet(v6, extensions, 17, udp))]);
    assert.deepEqual(problems, []);
    assert.deepEqual(seen, [hello6]);
    const endless = ipv6Packet(v6, Array(20).fill({ type: 0, rest: Buffer.of(255) }) as never[], 17, udp);
    assert.deepEqual(decode([ethernet(0x86dd, endless)]).seen, []);
  });

  it('puts IPv6 fragments together in any order', () => {
    const payload = 'abcdefgh'.repeat(60);
    const frames = ipv6Fragments({ ...v6, payload, id: 9 }, 200).map((ip) => ethernet(0x86dd, ip));
    for (const order of [
      [0, 1, 2],
      [2, 0, 0, 1],
    ]) {
      const { seen, problems } = decode(order.map((i) => frames[i]!));
      assert.deepEqual(problems, []);
      assert.deepEqual(seen, [{ ...hello6, frame: order.length, text: payload }]);
    }
    const { seen, problems } = decode([frames[0]!, frames[2]!]);
    assert.deepEqual(seen, []);
    assert.deepEqual(problems, ['1 × IPv6 datagram with missing fragments (first: frame 1)']);
  });

  it('takes no datagram for whole in which a piece is missing and another lies beyond its end', () => {
    const fragment = (word: number, length: number) => ipv4Frame(packet, 17, Buffer.alloc(length, 1), word);
    const { seen } = decode([fragment(2, 8), fragment(0x2000 | 100, 8), fragment(0x2000 | 101, 8)]);
    assert.deepEqual(seen, []);
  });

  it('finds TCP payloads and ICMP', () => {
    const tcp = Buffer.alloc(24);
    tcp.writeUInt16BE(5061, 0);
    tcp.writeUInt16BE(5062, 2);
    tcp[12] = 0x50;
    tcp.write('text', 20);
    const padding = Buffer.alloc(6);
    const { seen } = decode([
      Buffer.concat([ipv4Frame(packet, 6, tcp), padding]),
      ipv4Frame(packet, 1, Buffer.alloc(36, 3)),
    ]);
    assert.deepEqual(seen[0], { ...hello, protocol: 'tcp', srcPort: 5061, dstPort: 5062, text: 'text' });
    assert.equal((seen[1] as { protocol: string }).protocol, 'icmp');
  });

  it('puts fragments together in any order, in the frame that completes the datagram', () => {
    const payload = Array.from({ length: 500 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    const frames = fragmentFrames({ ...packet, payload }, 200);
    assert.equal(frames.length, 3);
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [0, 0, 2, 1],
    ]) {
      const { seen, problems } = decode(order.map((i) => frames[i]!));
      assert.deepEqual(problems, []);
      assert.deepEqual(seen, [{ ...hello, frame: order.length, text: payload }]);
    }
  });

  it('keeps interleaved datagrams apart by their identification', () => {
    const a = fragmentFrames({ ...packet, payload: 'a'.repeat(300), id: 1 }, 160);
    const b = fragmentFrames({ ...packet, payload: 'b'.repeat(300), id: 2 }, 160);
    const { seen } = decode([a[0]!, b[0]!, a[1]!, b[1]!]);
    assert.deepEqual(
      seen.map((d) => (d as { text: string }).text),
      ['a'.repeat(300), 'b'.repeat(300)],
    );
  });

  it('gives up on fragments that never come whole, by time and by number', () => {
    const frames = fragmentFrames({ ...packet, payload: 'x'.repeat(300) }, 160);
    const late = decode(frames, { gapMs: 40_000 });
    assert.deepEqual(late.seen, []);
    assert.match(late.problems[0] ?? '', /^2 × IPv4 datagram with missing fragments \(first: frame 1\)/);
    const flood = Array.from({ length: 200 }, (_, id) =>
      fragmentFrames({ ...packet, payload: String(id).padStart(3, '0').repeat(100), id }, 160),
    );
    const firsts = flood.map(([first]) => first!);
    const { seen, problems } = decode([...firsts, flood[0]![1]!, flood[199]![1]!]);
    assert.deepEqual(seen, [{ ...hello, frame: 202, text: '199'.repeat(100) }]);
    assert.match(problems[0] ?? '', /^200 × IPv4 datagram with missing fragments/);
  });

  it('reports damaged headers with their first frame', () => {
    const badLength = udpFrame(packet);
    badLength.writeUInt16BE(3, 14 + 20 + 4);
    const { seen, problems } = decode([
      udpFrame(packet),
      badLength,
      udpFrame(packet).subarray(0, 30),
      Buffer.alloc(5),
    ]);
    assert.equal(seen.length, 1);
    assert.deepEqual(problems, [
      '1 × damaged UDP header (first: frame 2)',
      '1 × damaged IPv4 header (first: frame 3)',
      '1 × frame shorter than an Ethernet header (first: frame 4)',
    ]);
  });

  it('does not reach beyond the frame for what a length field promises', () => {
    const frame = udpFrame(packet);
    const { seen, problems } = decode([frame.subarray(0, frame.length - 2)]);
    assert.deepEqual(seen, [{ ...hello, text: 'hel' }]);
    assert.deepEqual(problems, ['1 × UDP datagram cut short (first: frame 1)']);
  });
});
