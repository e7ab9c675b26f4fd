import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { indexCaptures, type CaptureIndex } from '../../src/evidence/field-index.js';
import { readStreams } from '../../src/evidence/field-streams.js';
import { rtpStatistics, type RtpStatistics } from '../../src/evidence/rtp-statistics.js';
import { captureCorpus } from '../fixtures/capture-corpus.js';
import { tcpSegment, ipPacket, ipv6Fragments, ethernet } from '../fixtures/link-frames.js';
import { generateCapture } from '../bench/generate-capture.js';
import { ipv4Frame, pcapBytes, type WirePacket } from '../fixtures/pcap.js';
import { tsharkFields, tsharkRtpStreams } from '../fixtures/tshark.js';
import { invite, senderReport } from '../fixtures/capture-corpus.js';

/** Without it, tshark reads TCP only as it comes. */
const IN_ORDER = ['-o', 'tcp.reassemble_out_of_order:TRUE'];

/** Of each stream of an index, in its order; clocks and events as SDP has them. */
async function figuresOf(index: CaptureIndex, budgetBytes?: number): Promise<RtpStatistics[]> {
  const payloads = [...index.sip].flatMap(({ sdp }) => sdp?.payloads ?? []);
  const clocks = new Map(payloads.map(({ type, clockHz }) => [type, clockHz]));
  const events = payloads.filter(({ codec }) => codec.toLowerCase() === 'telephone-event');
  const eventTypes = new Set(events.map(({ type }) => type));
  const found: RtpStatistics[] = [];
  const groups = index.streams.map((stream) => [stream]);
  for await (const { group, streams, leftOut } of readStreams(index, groups, budgetBytes)) {
    assert.equal(leftOut, 0);
    const [stream] = streams;
    const clockHz = clocks.get(stream!.payloadType[0] ?? 0);
    found[group] = rtpStatistics(stream!, { eventTypes, ...(clockHz !== undefined && { clockHz }) });
  }
  return found;
}

/** Fails unless SIP and the figures of streams are those of tshark. */
async function assertSameAsTshark(
  path: string,
  what: string,
  rtpPorts: number[] = [],
): Promise<{ index: CaptureIndex; figures: RtpStatistics[] }> {
  const index = await indexCaptures([path]);
  const fields = [
    'frame.number',
    'ip.src',
    'ipv6.src',
    'udp.srcport',
    'tcp.srcport',
    'sip.CSeq.seq',
    'sdp.media.port',
  ];
  // One frame may hold several messages: tshark gives them together.
  const theirs = (await tsharkFields(path, 'sip && !icmp', fields, IN_ORDER)).flatMap(
    ([frame, v4, v6, udp, tcp, cseqs = '', ports = '']) =>
      cseqs.split(',').map((cseq, i) => [frame, v4 || v6, udp || tcp, cseq, ports.split(',')[i]]),
  );
  const ours = [...index.sip].map(({ seen, src, cseq, sdp }) => [
    seen.frame,
    src.address,
    src.port,
    cseq,
    sdp?.port,
  ]);
  assert.deepEqual(
    ours.map((row) => row.map((value) => String(value ?? ''))).sort(),
    theirs.map((row) => row.map((value) => value ?? '')).sort(),
    what,
  );
  const oracle = await tsharkRtpStreams(path, rtpPorts);
  const name = ({ flow: { src, dst, ssrc } }: CaptureIndex['streams'][number]) =>
    `${src.address}:${src.port} ${dst.address}:${dst.port} ${ssrc}`;
  const figures = await figuresOf(index);
  const named = new Map(index.streams.map((stream, i) => [name(stream), figures[i]!]));
  assert.deepEqual(
    [...named.keys()].sort(),
    oracle.map(({ src, dst, ssrc }) => `${src} ${dst} ${ssrc}`).sort(),
  );
  for (const { src, dst, ssrc, ...other } of oracle) {
    const own = named.get(`${src} ${dst} ${ssrc}`)!;
    assert.equal(own.received, other.packets, what);
    assert.equal(own.expected - own.received, other.lost, what);
    for (const [mine, its] of [
      [own.maxDeltaMs, other.maxDeltaMs],
      [own.maxJitterMs, other.maxJitterMs],
      [own.meanJitterMs, other.meanJitterMs],
    ] as const)
      assert.ok(Math.abs(mine - its) <= 0.0011, `${what}: ${mine}, tshark says ${its}`);
  }
  return { index, figures };
}

describe('captures from the field, against tshark', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'deadair-test-'))));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  // What tshark doesn't dissect, or takes for another: snapped SIP, and frames that are in there twice on purpose.
  const apart = new Set(['snap length']);
  for (const [name, bytes] of captureCorpus())
    if (!apart.has(name) && !name.startsWith('pcapng'))
      it(`reads the same from ${name}`, async () => {
        const path = write('corpus.cap', bytes);
        const { rtcp } = (await assertSameAsTshark(path, name, [40000])).index;
        const reports = await tsharkFields(path, 'rtcp.pt == 200', [
          'frame.number',
          'rtcp.ssrc.fraction',
          'rtcp.ssrc.jitter',
        ]);
        assert.deepEqual(
          rtcp.map(({ seen, blocks: [block] }) =>
            [seen.frame, block!.fractionLost * 256, block!.jitter].map(String),
          ),
          reports,
        );
      });

  describe('on generated calls', () => {
    let pcap: string;
    let oracle: Awaited<ReturnType<typeof assertSameAsTshark>>;
    before(async () => {
      pcap = join(folder, 'calls.pcap');
      generateCapture(pcap, { calls: 12, seconds: 3, seed: 5, intervalMs: 200 });
      oracle = await assertSameAsTshark(pcap, 'pcap');
    });

    for (const format of ['pcapng', 'nsecpcap'])
      it(`reads the same from ${format}, as editcap writes it`, async () => {
        const path = join(folder, `calls.${format}`);
        await execa('editcap', ['-F', format, pcap, path]);
        const { figures } = await assertSameAsTshark(path, format);
        assert.equal(figures.length, 24);
        assert.deepEqual(figures, oracle.figures);
      });

    it('reads the same from two captures that mergecap put into one, each an interface', async () => {
      const halves = [join(folder, 'a.pcap'), join(folder, 'b.pcap')];
      await execa('editcap', ['-r', pcap, halves[0]!, '1-3000']);
      const cooked = pcapBytes(
        [{ atMs: 0, frame: Buffer.concat([Buffer.alloc(14), Buffer.of(8, 6), Buffer.alloc(28)]) }],
        { linkType: 113 },
      );
      writeFileSync(halves[1]!, cooked);
      const path = join(folder, 'merged.pcapng');
      await execa('mergecap', ['-I', 'none', '-w', path, ...halves]);
      await assertSameAsTshark(path, 'merged');
    });

    it('has the same figures when it reads the packets bit by bit', async () =>
      assert.deepEqual(await figuresOf(oracle.index, 200_000), oracle.figures));

    it('reads what a truncated tail leaves, and says so as tshark does', async () => {
      for (const format of ['pcap', 'pcapng']) {
        const whole = join(folder, `calls.${format}`);
        const path = join(folder, `cut.${format}`);
        await execa('head', ['-c', '100001', whole], { stdout: { file: path } });
        const { captures } = await indexCaptures([path]);
        assert.match(captures[0]!.problems.join(), /cut off/);
        const { stdout, stderr } = await execa('tshark', ['-r', path, '-T', 'fields', '-e', 'frame.number'], {
          reject: false,
        });
        assert.match(stderr, /cut short/);
        assert.equal(captures[0]!.frames, stdout.split('\n').length);
      }
    });
  });

  it('reads the same SIP from TCP: in pieces, out of order, repeated, several to a segment', async () => {
    const texts = [1, 2, 3, 4].map((cseq) => invite('198.18.0.1', 40000 + cseq * 2, cseq));
    const stream = texts.join('');
    const [one = ''] = texts;
    const at = (i: number): WirePacket => ({
      atMs: i,
      src: '198.18.0.1',
      dst: '198.18.0.2',
      srcPort: 40000,
      dstPort: 5060,
      payload: '',
    });
    const start = 4_294_967_000;
    const cuts = [
      [0, 100],
      [100, one.length],
      [one.length + 50, one.length + 300],
      [one.length, one.length + 50],
      [one.length, one.length + 50],
      [one.length + 300, stream.length],
    ] as const;
    const frames = cuts.map(([from, to], i) => {
      const packet = { ...at(i + 1), payload: stream.slice(from, to) };
      return {
        atMs: i + 1,
        frame: ipv4Frame(packet, 6, tcpSegment(packet, { sequence: start + from, flags: 24 })),
      };
    });
    const syn = { atMs: 0, frame: ipv4Frame(at(0), 6, tcpSegment(at(0), { sequence: start - 1, flags: 2 })) };
    const { sip } = (await assertSameAsTshark(write('tcp.cap', pcapBytes([syn, ...frames])), 'TCP')).index;
    assert.equal(sip.length, 4);
  });

  it('has the round trip that tshark has, from a reply that was captured where the report was sent', async () => {
    const ends = { src: '2001:db8:0:0:0:0:0:1', dst: '2001:db8:0:0:0:0:0:2', srcPort: 40001, dstPort: 40003 };
    const back = { src: ends.dst, dst: ends.src, srcPort: 40003, dstPort: 40001 };
    const report = { atMs: 0, ...ends, payload: senderReport(7, 8, [0x83aa7f00, 0x80000000], 0) };
    const reply = { atMs: 1042, ...back, payload: senderReport(8, 7, [5, 0], 0x7f008000) };
    const frames = [report, reply].map((packet) => ({
      atMs: packet.atMs,
      frame: ethernet(0x86dd, ipPacket(packet)),
    }));
    const path = write('rtcp.cap', pcapBytes(frames));
    const decode = ['-d', 'udp.port==40001,rtcp', '-o', 'rtcp.show_roundtrip_calculation:TRUE'];
    const [[theirs] = []] = await tsharkFields(
      path,
      'rtcp.roundtrip-delay',
      ['rtcp.roundtrip-delay'],
      decode,
    );
    const { rtcp } = await indexCaptures([path]);
    assert.equal(rtcp[1]!.blocks[0]!.roundTripMs, Number(theirs));
  });

  it('reads the same from IPv6 fragments', async () => {
    const packet = {
      atMs: 0,
      src: '2001:db8:0:0:0:0:0:1',
      dst: '2001:db8:0:0:0:0:0:2',
      srcPort: 5060,
      dstPort: 5060,
    };
    const pieces = ipv6Fragments({ ...packet, payload: invite(packet.src, 40000), id: 77 }, 64);
    const frames = pieces.map((ip, i) => ({ atMs: i, frame: ethernet(0x86dd, ip) }));
    const { sip } = (await assertSameAsTshark(write('frag6.cap', pcapBytes(frames)), 'fragments')).index;
    assert.equal(sip.length, 1);
  });
});
