import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import wavDecoder from 'wav-decoder';
import { CLI } from '../fixtures/cli.js';
import { callPackets, CaptureFolder, mediaBack, mediaPackets } from '../fixtures/field.js';
import { captureSippCalls } from '../fixtures/sipp-capture.js';
import { tsharkFields, tsharkRtpStreams } from '../fixtures/tshark.js';

function analyze(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [CLI, 'analyze', ...args], { encoding: 'utf8', maxBuffer: 64 << 20 });
}

interface Endpoint {
  address: string;
  port: number;
}

interface Report {
  schemaVersion: number;
  calls: {
    legs: { callId: string; ladder: { sights: { frame: number }[]; retransmission: boolean }[] }[];
    inviteAt: number;
    answeredAt: number;
    endedAt: number;
    endedBy: string;
    finalStatus: number;
    streams: {
      src: Endpoint;
      dst: Endpoint;
      ssrc: number;
      codec: string;
      figures: {
        received: number;
        expected: number;
        maxJitterMs: number;
        meanJitterMs: number;
        maxDeltaMs: number;
      };
    }[];
    recording: string | null;
  }[];
  looseMedia: unknown[];
  findings: { code: string; evidence: { frame: number }[] }[];
}

const reportOf = (...args: string[]) => JSON.parse(analyze(...args, '--json').stdout) as Report;

describe('analyze against tshark, on calls of SIPp captured by tcpdump', () => {
  const folder = new CaptureFolder();
  const path = join(folder.path, 'calls.pcap');
  let report: Report;
  before(async () => {
    await captureSippCalls(join(folder.path, 'sipp'), path);
    report = reportOf(path);
  });
  after(() => folder[Symbol.dispose]());

  it('has the same calls, with the same frames in the same ladder', async () => {
    const rows = await tsharkFields(path, 'sip && !icmp', ['sip.Call-ID', 'frame.number', 'sip.resend']);
    const oracle = new Map<string, string[]>();
    for (const [callId, frame, resend] of rows)
      oracle.set(callId!, [...(oracle.get(callId!) ?? []), `${frame} ${resend ?? ''}`]);
    assert.equal(report.calls.length, 4);
    for (const { legs } of report.calls) {
      const [leg] = legs;
      assert.deepEqual(
        leg!.ladder.flatMap(({ sights, retransmission }) =>
          sights.map(({ frame }) => `${frame} ${retransmission ? 1 : 0}`),
        ),
        oracle.get(leg!.callId)!.map((row) => row.replace(/ $/, ' 0')),
      );
    }
  });

  it('has the same times', async () => {
    const fields = ['sip.Call-ID', 'frame.time_relative'];
    for (const [filter, when] of [
      ['sip.Method == "INVITE"', 'inviteAt'],
      ['sip.Status-Code == 200 && sip.CSeq.method == "INVITE"', 'answeredAt'],
      ['sip.Method == "BYE"', 'endedAt'],
    ] as const) {
      const rows = (await tsharkFields(path, `${filter} && !icmp`, fields)).reverse();
      const first = new Map(rows.map(([callId, seconds]) => [callId, Number(seconds) * 1000]));
      for (const call of report.calls)
        assert.ok(Math.abs(call[when] - first.get(call.legs[0]!.callId)!) < 0.01, when);
    }
    assert.ok(report.calls.every(({ endedBy, finalStatus }) => endedBy === 'caller' && finalStatus === 200));
  });

  it('has the same RTP, each stream with the call that is its own, with the same figures', async () => {
    const oracle = await tsharkRtpStreams(path);
    const key = (src: string, dst: string, ssrc: number) => `${src} ${dst} ${ssrc}`;
    const text = ({ address, port }: Endpoint) => `${address}:${port}`;
    const ours = new Map(
      report.calls.flatMap(({ streams }) =>
        streams.map((stream) => [key(text(stream.src), text(stream.dst), stream.ssrc), stream] as const),
      ),
    );
    assert.deepEqual(report.looseMedia, []);
    assert.deepEqual(
      report.calls.map(({ streams }) => streams.length),
      [2, 2, 2, 2],
    );
    assert.deepEqual([...ours.keys()].sort(), oracle.map(({ src, dst, ssrc }) => key(src, dst, ssrc)).sort());
    for (const theirs of oracle) {
      const { codec, figures } = ours.get(key(theirs.src, theirs.dst, theirs.ssrc))!;
      assert.equal(codec, 'PCMA');
      assert.deepEqual(
        [figures.received, figures.expected - figures.received],
        [theirs.packets, theirs.lost],
      );
      assert.ok(Math.abs(figures.maxJitterMs - theirs.maxJitterMs) < 0.0011);
      assert.ok(Math.abs(figures.meanJitterMs - theirs.meanJitterMs) < 0.0011);
      assert.ok(Math.abs(figures.maxDeltaMs - theirs.maxDeltaMs) < 0.0011);
    }
  });
});

describe('deadair analyze CAPTURE', () => {
  let folder: CaptureFolder;
  before(() => (folder = new CaptureFolder()));
  after(() => folder[Symbol.dispose]());
  const media = [...mediaPackets({ fromMs: 3020, toMs: 9000 }), ...mediaBack({ fromMs: 3020, toMs: 9000 })];

  it('tells a call in lines of 100 columns at the most', () => {
    const { status, stdout } = analyze(folder.write('well.pcap', [...callPackets(), ...media]));
    assert.equal(status, 0, stdout);
    assert.ok(stdout.split('\n').every((line) => [...line].length <= 100));
    assert.match(stdout, /1 1000 +2000 +200 +0\.20 s +3\.00 s +6\.00 s caller +sound +sound/);
    assert.match(stdout, /│?\|─ INVITE sdp ─+▶\| #1\n/);
    assert.match(stdout, /◀ 180 Ringing ─+\| #3\n/);
    assert.match(stdout, /the caller's ear: sound/);
    assert.match(stdout, /Nothing found/);
  });

  it('ends with 1 and cites frames if something was found', () => {
    const oneWay = [...callPackets(), ...mediaPackets({ fromMs: 3020, toMs: 9000 })];
    const { status, stdout } = analyze(folder.write('one-way.pcap', oneWay));
    assert.equal(status, 1);
    assert.match(stdout, /✘ ONE_WAY_AUDIO, call 1\n.*\n +one-way\.pcap frame 1 \(INVITE\)/);
  });

  it('ends with 64 and one line for what is no capture', () => {
    const { status, stderr } = analyze(CLI);
    assert.equal(status, 64);
    assert.match(stderr, /^CAPTURE_UNREADABLE: .*main\.js is not a capture.*\n$/);
    assert.equal(analyze(join(folder.path, 'missing.pcap')).status, 64);
  });

  it('keeps what both ears heard, left the caller, right the callee', async () => {
    const beep = (hz: number) => {
      let i = 0;
      return {
        next: (out: Int16Array) =>
          out.forEach((_, j) => (out[j] = 8000 * Math.sin((2 * Math.PI * hz * i++) / 8000))),
      };
    };
    const path = folder.write('beeps.pcap', [
      ...callPackets(),
      ...mediaPackets({ fromMs: 3020, toMs: 9000, source: beep(500) }),
      ...mediaBack({ fromMs: 3020, toMs: 9000, source: beep(1500) }),
    ]);
    const report = reportOf(path, '--wav', join(folder.path, 'wav'));
    const { channelData, sampleRate } = await wavDecoder.decode(readFileSync(report.calls[0]!.recording!));
    const frequencies = channelData.map((samples) => {
      const second = samples.subarray(8000, 16_000);
      return second.filter((value, i) => i > 0 && value >= 0 && second[i - 1]! < 0).length;
    });
    assert.equal(sampleRate, 8000);
    assert.deepEqual(
      frequencies.map((hz) => Math.round(hz / 10) * 10),
      [1500, 500],
    );
  });

  it('prints nothing that came off the wire as it is', () => {
    const packets = callPackets().map((packet) => ({
      ...packet,
      payload: String(packet.payload)
        .replaceAll('sip:1000@', 'sip:%1b%5b31m@')
        .replace('180 Ringing', '180 \u001b[2JRinging'),
    }));
    const { stdout } = analyze(folder.write('hostile.pcap', [...packets, ...media]));
    assert.ok(!stdout.includes('\u001b'), JSON.stringify(stdout.slice(0, 300)));
  });
});
