import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeCapture } from '../../src/evidence/decode-capture.js';
import { rtpStatistics } from '../../src/evidence/rtp-statistics.js';
import { parseSdpAudio } from '../../src/evidence/sdp.js';
import { looksLikeSip, parseSip } from '../../src/evidence/sip.js';
import { fragmentFrames, pcapBytes, rtpPacket } from '../fixtures/pcap.js';

const SDP =
  'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 opus/48000/2\r\n';
const SIP = [
  'INVITE sip:1@a SIP/2.0',
  'v: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP "b";branch=x',
  'From: "A \\" <" <sip:a@b>;tag=1',
  'To: <sip:1@sbc>',
  'Call-ID: c1',
  'CSeq: 1 INVITE',
  'Content-Type: application/sdp',
  '',
  SDP,
].join('\r\n');

const at = (atMs: number) => ({ atMs, src: '198.18.0.1', dst: '198.18.0.2', srcPort: 5060, dstPort: 4000 });
const CAPTURE = pcapBytes([
  { ...at(0), payload: SIP },
  ...fragmentFrames({ ...at(1), payload: SIP }, 200).map((frame) => ({ atMs: 1, frame })),
  ...[1, 2, 3, 4].map((n) => ({
    ...at(n * 20),
    payload: rtpPacket({ sequence: n, timestamp: n * 160, ssrc: 5 }),
  })),
  { ...at(100), vlan: 3, src: '2001:db8:0:0:0:0:0:1', dst: '2001:db8:0:0:0:0:0:2', payload: SIP },
]);

/** The bytes with some of them replaced, inserted, removed, or cut off. */
const mutated = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.tuple(
        fc.nat(bytes.length),
        fc.constantFrom('set', 'insert', 'remove', 'cut'),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((edits) =>
      edits.reduce((current, [place, edit, content]) => {
        const head = current.subarray(0, place);
        if (edit === 'cut') return place % 4 === 0 ? head : current;
        const kept = edit === 'insert' ? place : place + content.length;
        return Buffer.concat([head, edit === 'remove' ? Buffer.alloc(0) : content, current.subarray(kept)]);
      }, bytes),
    );

describe('evidence, whatever it is fed', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'deadair-test-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('parses SIP or says why not', () => {
    fc.assert(
      fc.property(fc.oneof(mutated(Buffer.from(SIP)), fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const buffer = Buffer.from(bytes);
        const message = parseSip(buffer);
        if (typeof message === 'string') return message.startsWith('SIP message');
        assert.ok(message.callId !== '' && Number.isInteger(message.cseq));
        // What the parser takes for SIP, the quick look does too.
        return looksLikeSip(buffer, 0, buffer.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('parses SDP or gives null', () => {
    fc.assert(
      fc.property(mutated(Buffer.from(SDP)), (bytes) => {
        const audio = parseSdpAudio(bytes.toString());
        if (audio) assert.ok(audio.payloads.every(({ type, clockHz }) => type < 128 && clockHz > 0));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads a damaged capture without throwing, and reports no frame that is not there', async () => {
    const path = join(folder, 'mutated.pcap');
    const point = { path, file: 'f', node: 'n', interface: 'i', addresses: new Set<string>() };
    const announced = { endpoints: new Set(['198.18.0.2 4000']), payloadTypes: new Set([96]) };
    await fc.assert(
      fc.asyncProperty(mutated(CAPTURE), async (bytes) => {
        writeFileSync(path, bytes);
        const { sip, rtp, summary } = await decodeCapture(point, (wallMs) => wallMs);
        const frames = [
          ...sip.map(({ seen }) => seen.frame),
          ...rtp(announced).flatMap(({ frame }) => [...frame]),
        ];
        assert.ok(summary.frames * 16 <= bytes.length);
        assert.ok(frames.every((frame) => frame >= 1 && frame <= summary.frames));
        if (bytes.length < 24) assert.equal(summary.problems.length, 1);
      }),
      { numRuns: 3000 },
    );
  });

  it('gets figures that add up from any order of packets', () => {
    // Kept within the distances of RFC 3550 A.1, where a packet's place is certain.
    const numbers = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(numbers, fc.nat(65535), (offsets, base) => {
        const { length } = offsets;
        const figures = rtpStatistics({
          sequence: Uint16Array.from(offsets, (offset) => base + offset),
          timestamp: Uint32Array.from(offsets, (offset) => offset * 160),
          atMs: Float64Array.from(offsets, (_, i) => i * 20),
          payloadType: new Uint8Array(length),
        });
        const distinct = new Set(offsets).size;
        assert.equal(figures.received, length);
        assert.equal(figures.duplicates, length - distinct);
        assert.equal(figures.expected, Math.max(...offsets) - Math.min(...offsets) + 1);
        assert.equal(figures.lost, figures.expected - distinct);
        assert.ok(figures.jitterMs >= 0 && figures.jitterMs <= figures.maxJitterMs);
      }),
      { numRuns: 2000 },
    );
  });
});
