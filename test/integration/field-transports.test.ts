import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { CLI } from '../fixtures/cli.js';
import { CALLEE, CALLER, callPackets, CaptureFolder, mediaBack, mediaPackets } from '../fixtures/field.js';
import { tcpSegment } from '../fixtures/link-frames.js';
import { ipv4Frame, type WireFrame, type WirePacket } from '../fixtures/pcap.js';
import { tsharkFields, tsharkRtpStreams } from '../fixtures/tshark.js';

const IPV6: Record<string, string> = { [CALLER]: '2001:db8:0:0:0:0:0:10', [CALLEE]: '2001:db8:0:0:0:0:0:20' };

interface Report {
  captures: { problems: string[] }[];
  calls: {
    answeredAt: number | null;
    endedAt: number | null;
    streams: { figures: { received: number; lost: number } }[];
    ears: Record<'caller' | 'callee', { class: string | null } | null>;
    legs: { ladder: { sights: { frame: number }[] }[] }[];
  }[];
  looseMedia: unknown[];
}

function analyze(path: string): { status: number | null; report: Report } {
  const { status, stdout } = spawnSync(process.execPath, [CLI, 'analyze', path, '--json'], {
    encoding: 'utf8',
  });
  return { status, report: JSON.parse(stdout) as Report };
}

const media = [
  ...mediaPackets({ fromMs: 3020, toMs: 9000, lost: (n) => n % 50 === 7 }),
  ...mediaBack({ fromMs: 3020, toMs: 9000 }),
];

function overIpv6(packet: WirePacket): WirePacket {
  const [src, dst] = [IPV6[packet.src]!, IPV6[packet.dst]!];
  if (typeof packet.payload !== 'string') return { ...packet, src, dst };
  const [head = '', body = ''] = packet.payload.split('\r\n\r\n');
  const said = body.replace(/IN IP4 (198[.\d]+)/, (_, address: string) => `IN IP6 ${IPV6[address]}`);
  const payload = `${head.replace(/Content-Length: \d+/, `Content-Length: ${said.length}`)}\r\n\r\n${said}`;
  return { ...packet, src, dst, payload };
}

/** One connection, its segments cut in the middle of messages. */
function overTcp(packets: WirePacket[]): WireFrame[] {
  const next = new Map<string, number>();
  return packets.flatMap((packet) => {
    const text = String(packet.payload);
    const ends = {
      ...packet,
      srcPort: packet.src === CALLER ? 40123 : 5060,
      dstPort: packet.src === CALLER ? 5060 : 40123,
    };
    const middle = text.length >> 1;
    return [text.slice(0, middle), text.slice(middle)].map((payload, i) => {
      const sequence = next.get(packet.src) ?? 1000;
      next.set(packet.src, sequence + payload.length);
      const segment = tcpSegment({ ...ends, payload }, { sequence, flags: 24 });
      return { atMs: packet.atMs + i, frame: ipv4Frame(ends, 6, segment) };
    });
  });
}

describe('analyze, whatever carries it', () => {
  const folder = new CaptureFolder();
  after(() => folder[Symbol.dispose]());

  async function assertWell(path: string): Promise<void> {
    const { status, report } = analyze(path);
    assert.equal(status, 0, JSON.stringify(report));
    const [call, ...others] = report.calls;
    assert.deepEqual([others.length, report.looseMedia.length], [0, 0]);
    assert.deepEqual([call!.ears.caller?.class, call!.ears.callee?.class], ['other-audio', 'other-audio']);
    const sip = await tsharkFields(path, 'sip', ['frame.number']);
    const frames = call!.legs.flatMap(({ ladder }) =>
      ladder.flatMap(({ sights }) => sights.map(({ frame }) => frame)),
    );
    assert.deepEqual(
      frames,
      sip.map(([frame]) => Number(frame)),
    );
    const rtp = await tsharkRtpStreams(path);
    assert.deepEqual(
      call!.streams.map(({ figures }) => [figures.received, figures.lost]).sort(),
      rtp.map(({ packets, lost }) => [packets, lost]).sort(),
    );
  }

  it('SIP and RTP over IPv6', async () => {
    await assertWell(folder.write('six.pcap', [...callPackets(), ...media].map(overIpv6)));
  });

  it('SIP over TCP', async () => {
    await assertWell(folder.write('tcp.pcap', [...overTcp(callPackets()), ...media]));
  });

  it('SIP over TLS is told, and its RTP is shown without a call', () => {
    const hello = {
      atMs: 0,
      src: CALLER,
      dst: CALLEE,
      srcPort: 40123,
      dstPort: 5061,
      payload: Buffer.from([22, 3, 1, 0, 1, 1]),
    };
    const frame = ipv4Frame(hello, 6, tcpSegment(hello, { sequence: 1, flags: 24 }));
    const { status, report } = analyze(folder.write('tls.pcap', [{ atMs: 0, frame }, ...media]));
    assert.equal(status, 2);
    assert.deepEqual(report.captures[0]!.problems, [
      '1 × connection with SIP over TLS, keys absent (first: frame 1)',
    ]);
    assert.deepEqual([report.calls.length, report.looseMedia.length], [0, 1]);
  });

  it('has the same in threads as without', () => {
    const calls = Array.from({ length: 16 }, (_, n) => {
      const [a, b] = [`${CALLER}:${41_000 + 2 * n}`, `${CALLEE}:${51_000 + 2 * n}`];
      const shape = { callId: `c${n}`, atMs: 100 * n, callerMedia: a, calleeMedia: b };
      const [fromMs, toMs] = [3020 + 100 * n, 9000 + 100 * n];
      return [
        ...callPackets(shape),
        ...mediaPackets({ fromMs, toMs, src: a, dst: b, ssrc: 2 * n + 1, lost: (i) => i % 9 === n }),
        ...mediaPackets({ fromMs, toMs, src: b, dst: a, ssrc: 2 * n + 2 }),
      ];
    });
    const together = analyze(folder.write('many.pcap', calls.flat())).report.calls;
    assert.equal(together.length, 16);
    for (const [n, call] of together.entries()) {
      // Fewer streams than threads are started for.
      const alone = analyze(folder.write('alone.pcap', calls[n]!)).report.calls[0]!;
      assert.deepEqual(call.ears.caller?.class, alone.ears.caller?.class);
      assert.deepEqual(
        call.streams.map(({ figures }) => figures.received),
        alone.streams.map(({ figures }) => figures.received),
      );
    }
  });

  it('ends quietly when nobody reads on', async () => {
    const path = folder.write('well.pcap', [...callPackets(), ...media]);
    const child = spawn(process.execPath, [CLI, 'analyze', path, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let told = '';
    child.stderr.on('data', (text: Buffer) => (told += text.toString()));
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual([status, told], [0, '']);
  });
});
