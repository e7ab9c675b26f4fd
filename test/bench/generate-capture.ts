import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { pcapBytes, rtpPacket, type WirePacket } from '../fixtures/pcap.js';

export interface GeneratedCapture {
  calls: number;
  /** Length of each call's media. */
  seconds: number;
  seed: number;
  /** Time from one call's start to the next one's. Default: 30 ms. */
  intervalMs?: number;
}

const EPOCH_MS = 1_700_000_000_000;
const PACKET_MS = 20;
const SETUP_MS = 500;
const LOSS = 0.01;
const JITTER_MS = 4;
const RECORD_HEADER = 16;

interface Stream {
  /** The record of a packet; sequence, timestamp and audio are filled in for each. */
  record: Buffer;
  firstMs: number;
  state: number;
}

/** Writes a capture of calls set up by SIP, with G.711 both ways: 1 % loss, up to 4 ms of jitter. The same for a seed. */
export function generateCapture(path: string, options: GeneratedCapture): { packets: number } {
  const { calls, seconds, seed, intervalMs = 30 } = options;
  const perStream = (seconds * 1000) / PACKET_MS;
  const out = new PcapWriter(path);
  let packets = 0;
  const pending: { atMs: number; record: Buffer }[] = [];
  let streams: Stream[] = [];
  let nextCall = 0;
  for (let tickMs = 0; nextCall < calls || streams.length > 0 || pending.length > 0; tickMs += PACKET_MS) {
    for (; nextCall < calls && nextCall * intervalMs < tickMs + PACKET_MS; nextCall++) {
      const startMs = nextCall * intervalMs;
      for (const message of signalling(nextCall, startMs, seconds)) {
        pending.push({
          atMs: message.atMs,
          record: pcapBytes([message], { epochMs: EPOCH_MS }).subarray(24),
        });
      }
      for (const way of [0, 1] as const) streams.push(streamOf(nextCall, way, startMs + SETUP_MS, seed));
    }
    for (const stream of streams) {
      const n = Math.ceil((tickMs - stream.firstMs) / PACKET_MS);
      if (n < 0 || n >= perStream) continue;
      const lost = random(stream) < LOSS;
      const atMs = stream.firstMs + n * PACKET_MS + random(stream) * JITTER_MS;
      if (lost) continue;
      pending.push({ atMs, record: packetRecord(stream, n, atMs) });
      packets++;
    }
    streams = streams.filter(({ firstMs }) => tickMs <= firstMs + perStream * PACKET_MS);
    pending.sort((a, b) => a.atMs - b.atMs);
    const due = pending.findIndex(({ atMs }) => atMs >= tickMs + PACKET_MS);
    for (const { record } of pending.splice(0, due < 0 ? pending.length : due)) out.write(record);
  }
  out.close();
  return { packets };
}

function streamOf(call: number, way: 0 | 1, firstMs: number, seed: number): Stream {
  const ssrc = Math.imul(call * 2 + way + 1, 0x9e3779b1) >>> 0;
  const state = (seed * 2654435761 + call * 2 + way) >>> 0;
  const payload = rtpPacket({ sequence: 0, timestamp: 0, ssrc, marker: false });
  const { caller, callee } = media(call);
  const [src, dst] = way === 0 ? [caller, callee] : [callee, caller];
  const ports = { srcPort: src.port, dstPort: dst.port };
  const packet = { atMs: 0, src: src.address, dst: dst.address, ...ports, payload };
  return { record: pcapBytes([packet], { epochMs: EPOCH_MS }).subarray(24), firstMs, state };
}

/** Mulberry32, of a stream's own. */
function random(stream: Stream): number {
  stream.state = (stream.state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(stream.state ^ (stream.state >>> 15), 1 | stream.state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function packetRecord(stream: Stream, n: number, atMs: number): Buffer {
  const record = Buffer.from(stream.record);
  const wallUs = Math.round((EPOCH_MS + atMs) * 1000);
  record.writeUInt32LE(Math.floor(wallUs / 1e6), 0);
  record.writeUInt32LE(wallUs % 1e6, 4);
  const rtp = RECORD_HEADER + 42;
  record.writeUInt16BE((n + 65000) & 0xffff, rtp + 2);
  record.writeUInt32BE((n * 160) >>> 0, rtp + 4);
  // Loud noise: the worst for whoever listens.
  for (let at = rtp + 12; at < record.length; at += 4)
    record.writeInt32LE((random(stream) * 2 ** 32) | 0, at);
  return record;
}

const media = (call: number) => ({
  caller: { address: `198.18.${call >> 8}.${call & 255}`, port: 20000 + (call % 1000) * 2 },
  callee: { address: '198.19.0.1', port: 30000 + (call % 17000) * 2 },
});

function signalling(call: number, startMs: number, seconds: number): WirePacket[] {
  const { caller, callee } = media(call);
  const sdp = ({ address, port }: { address: string; port: number }) =>
    `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
  const out = { src: caller.address, dst: '198.19.0.2', srcPort: 5060, dstPort: 5060 };
  const back = { src: '198.19.0.2', dst: caller.address, srcPort: 5060, dstPort: 5060 };
  const endMs = startMs + SETUP_MS + seconds * 1000 + PACKET_MS;
  const message = (
    atMs: number,
    way: typeof out,
    first: string,
    cseq: string,
    body = '',
    tag = ';tag=b',
  ) => ({
    atMs,
    ...way,
    payload:
      `${first}\r\nVia: SIP/2.0/UDP ${caller.address}:5060;branch=z9hG4bK${call}-${cseq[0]}\r\n` +
      `From: <sip:caller${call}@${caller.address}>;tag=a${call}\r\nTo: <sip:${call}@198.19.0.2>${tag}\r\n` +
      `Call-ID: call-${call}@${caller.address}\r\nCSeq: ${cseq}\r\nMax-Forwards: 70\r\nUser-Agent: generated\r\n` +
      `${body ? 'Content-Type: application/sdp\r\n' : ''}Content-Length: ${body.length}\r\n\r\n${body}`,
  });
  const uri = `sip:${call}@198.19.0.2 SIP/2.0`;
  return [
    message(startMs, out, `INVITE ${uri}`, '1 INVITE', sdp(caller), ''),
    message(startMs + 20, back, 'SIP/2.0 100 Trying', '1 INVITE', '', ''),
    message(startMs + 200, back, 'SIP/2.0 180 Ringing', '1 INVITE'),
    message(startMs + 450, back, 'SIP/2.0 200 OK', '1 INVITE', sdp(callee)),
    message(startMs + 470, out, `ACK ${uri}`, '1 ACK'),
    message(endMs, out, `BYE ${uri}`, '2 BYE'),
    message(endMs + 20, back, 'SIP/2.0 200 OK', '2 BYE'),
  ];
}

/** Writes a pcap file in large pieces. */
class PcapWriter {
  private readonly file: number;
  private readonly buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
  private used = 0;

  constructor(path: string) {
    this.file = openSync(path, 'w');
    this.write(pcapBytes([]));
  }

  write(bytes: Buffer): void {
    if (this.used + bytes.length > this.buffer.length) this.flush();
    this.used += bytes.copy(this.buffer, this.used);
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    for (let at = 0; at < this.used;) at += writeSync(this.file, this.buffer, at, this.used - at);
    this.used = 0;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path = 'generated.pcap', calls = '1000', seconds = '30', seed = '1'] = process.argv.slice(2);
  const { packets } = generateCapture(path, {
    calls: Number(calls),
    seconds: Number(seconds),
    seed: Number(seed),
  });
  console.log(`${path}: ${packets} RTP packets`);
}
