import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadEvidence } from '../../src/evidence/load.js';
import { rtpStatistics } from '../../src/evidence/rtp-statistics.js';
import type { Evidence, RtpStream } from '../../src/evidence/types.js';
import { rtpPacket, writePcap, type WirePacket } from '../fixtures/pcap.js';
import { makeScenarioFolder } from '../fixtures/scenario-folder.js';
import { captureSippCalls } from '../fixtures/sipp-capture.js';
import { tsharkFields, tsharkRtpStreams, type TsharkStream } from '../fixtures/tshark.js';

const key = ({ src, dst, ssrc }: RtpStream) =>
  `${src.address}:${src.port} ${dst.address}:${dst.port} ${ssrc}`;

/** Fails unless the streams and their figures are those of tshark, to the last digit that it prints. */
function assertSameFigures(streams: RtpStream[], oracle: TsharkStream[]): void {
  const ours = new Map(streams.map((stream) => [key(stream), rtpStatistics(stream)]));
  assert.deepEqual(
    [...ours.keys()].sort(),
    oracle.map(({ src, dst, ssrc }) => `${src} ${dst} ${ssrc}`).sort(),
  );
  for (const { src, dst, ssrc, ...theirs } of oracle) {
    const name = `${src} ${dst} ${ssrc}`;
    const figures = ours.get(name)!;
    const close = (own: number, other: number, what: string) =>
      assert.ok(Math.abs(own - other) <= 0.0011, `${what} of ${name}: ${own}, tshark says ${other}`);
    assert.equal(figures.received, theirs.packets, name);
    // tshark's figure is RFC 3550 A.3's: duplicates make up for losses.
    assert.equal(figures.expected - figures.received, theirs.lost, name);
    close(figures.maxDeltaMs, theirs.maxDeltaMs, 'greatest delta');
    close(figures.maxJitterMs, theirs.maxJitterMs, 'greatest jitter');
    close(figures.meanJitterMs, theirs.meanJitterMs, 'mean jitter');
  }
}

describe('evidence against tshark', () => {
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const makeFolder = (nodes: Record<string, Record<string, string>>, journal?: object[]) => {
    const folder = makeScenarioFolder({ nodes, ...(journal && { journal }) });
    folders.push(folder);
    return folder;
  };

  it('has the same figures for streams with loss, jitter, duplicates, disorder, a wrap and a cut', async () => {
    // A generator of its own, so that the capture is the same every time.
    let state = 7;
    const random = () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
    const all = Array.from({ length: 1200 }, (_, n) => n);
    const orders: Record<number, number[]> = {
      30000: all,
      30002: all.filter(() => random() > 0.05),
      30004: all.flatMap((n) => (n % 50 === 7 ? [n, n] : [n])),
      30006: all.map((n) => (n % 40 === 3 ? n + 1 : n % 40 === 4 ? n - 1 : n)),
      30008: all.filter((n) => n < 400 || n >= 800),
      30010: all.map((n) => (n % 200 === 100 ? n + 5 : n % 200 > 100 && n % 200 <= 105 ? n - 1 : n)),
    };
    const packets = Object.entries(orders).flatMap(([port, order]) =>
      order.map((n, i): WirePacket => ({
        atMs: i * 20 + Math.round(random() * 8000) / 1000,
        src: '198.18.0.1',
        dst: '198.18.0.2',
        srcPort: Number(port),
        dstPort: Number(port),
        payload: rtpPacket({ sequence: 65000 + n, timestamp: n * 160 + 0xffff0000, ssrc: Number(port) }),
      })),
    );
    const folder = makeFolder({ phone: { sbc: '198.18.0.1' } });
    const path = join(folder, 'captures', 'phone.sbc.pcap');
    writePcap(
      path,
      packets.sort((a, b) => a.atMs - b.atMs),
    );
    const { rtp } = await loadEvidence(folder);
    assert.equal(rtp.length, 6);
    assertSameFigures(rtp, await tsharkRtpStreams(path, Object.keys(orders).map(Number)));
  });

  describe('on calls of SIPp captured by tcpdump', () => {
    let path: string;
    let evidence: Evidence;
    before(async () => {
      const folder = makeFolder({ caller: { lo: '127.0.0.2' } }, [
        { atMs: 0, event: 'clock', wallEpochMs: 0 },
      ]);
      path = join(folder, 'captures', 'caller.lo.pcap');
      await captureSippCalls(join(folder, 'sipp'), path);
      evidence = await loadEvidence(folder);
    });

    it('reads every frame without a problem', async () => {
      const frames = await tsharkFields(path, 'frame', ['frame.number']);
      assert.deepEqual(evidence.captures, [
        {
          file: 'captures/caller.lo.pcap',
          node: 'caller',
          interface: 'lo',
          frames: frames.length,
          problems: [],
        },
      ]);
    });

    it('reads the same SIP', async () => {
      const fields = [
        'frame.number',
        'ip.src',
        'udp.srcport',
        'ip.dst',
        'udp.dstport',
        'sip.Method',
        'sip.r-uri',
        'sip.Status-Code',
        'sip.CSeq.seq',
        'sip.Call-ID',
        'sip.from.user',
        'sip.from.host',
        'sip.from.tag',
        'sip.to.tag',
        'sip.Via.branch',
        'sdp.connection_info.address',
        'sdp.media.port',
        'sip.resend',
      ];
      const oracle = await tsharkFields(path, 'sip && !icmp', fields);
      const ours = evidence.sip.map((message) => [
        message.seen.frame,
        message.src.address,
        message.src.port,
        message.dst.address,
        message.dst.port,
        message.status === null ? message.method : '',
        message.requestUri,
        message.status,
        message.cseq,
        message.callId,
        message.from.user,
        message.from.host,
        message.from.tag,
        message.to.tag,
        message.branch,
        message.sdp?.address,
        message.sdp?.port,
        message.retransmission ? 1 : 0,
      ]);
      assert.deepEqual(
        ours.map((row) => row.map((value) => (value === undefined || value === null ? '' : String(value)))),
        oracle,
      );
      assert.ok(evidence.sip.filter(({ retransmission }) => retransmission).length >= 2);
      assert.ok(evidence.sip.every(({ seen, src }) => seen.sent === (src.address === '127.0.0.2')));
    });

    it('puts it at the same time', async () => {
      const oracle = await tsharkFields(path, 'sip && !icmp', ['frame.time_epoch']);
      assert.equal(oracle.length, evidence.sip.length);
      // Both are rounded to what a double can hold of a wall clock.
      for (const [i, [seconds]] of oracle.entries())
        assert.ok(Math.abs(evidence.sip[i]!.seen.atMs - Number(seconds) * 1000) < 0.001);
    });

    it('lists the same ICMP errors', async () => {
      const oracle = await tsharkFields(path, 'icmp', ['frame.number', 'icmp.type', 'icmp.code']);
      assert.ok(oracle.length >= 6);
      assert.deepEqual(
        evidence.icmp.map(({ seen, type, code }) => [seen.frame, type, code].map(String)),
        oracle,
      );
    });

    it('finds the same RTP with the same figures, told from the SDP', async () => {
      const oracle = await tsharkRtpStreams(path);
      assert.equal(oracle.length, 8);
      assertSameFigures(evidence.rtp, oracle);
    });
  });
});
