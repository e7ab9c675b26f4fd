import assert from 'node:assert/strict';
import { decode, encodeMulaw } from '../../../../src/audio/g711.js';
import { Frame, renderEar } from '../../../../src/measures/hearing/jitter-buffer.js';
import type { RtpStream } from '../../../../src/evidence/types.js';
import { packetize, sourceOf, streamOf, type Packet } from '../../../fixtures/streams.js';

/** Packet n (from 1) holds the n-th positive level of µ-law, so that a sample tells from which it came. */
const levelOf = (n: number): number => decode('PCMU', Uint8Array.of(0xff - n))[0] ?? NaN;
const steps = () => sourceOf((i) => levelOf(Math.floor(i / 160) + 1));
const packets = (toMs: number, options: Partial<Parameters<typeof packetize>[0]> = {}): Packet[] =>
  packetize({ source: steps(), fromMs: 0, toMs, delayMs: 30, ...options });
const render = (streams: RtpStream[], toMs: number, bufferMs = 50) =>
  renderEar({ streams, fromMs: 0, toMs, bufferMs });
/** Number of the packet that is heard at this time; 0 for silence. */
const heardAt = (audio: Int16Array, ms: number): number =>
  0xff - encodeMulaw(audio[Math.round(ms * 8)] ?? NaN);

describe('jitter buffer', () => {
  it('plays a packet at its timestamp + the least transit + the buffer', () => {
    const { audio, packets: count } = render([streamOf(packets(400))], 500);
    assert.equal(
      audio.findIndex((value) => value !== 0),
      80 * 8,
    );
    assert.equal(heardAt(audio, 80 + 20 * 7 + 10), 8);
    assert.deepEqual(count, { received: 20, lost: 0, late: 0 });
  });

  it('evens out jitter within the buffer and puts packets in order', () => {
    const jittered = packets(1000).map((packet, i) => ({ ...packet, atMs: packet.atMs + (i % 3) * 20 }));
    const { audio, packets: count } = render([streamOf(jittered)], 1100);
    assert.deepEqual(audio, render([streamOf(packets(1000))], 1100).audio);
    assert.equal(count.late, 0);
  });

  it('discards what is later than the buffer, and a larger buffer keeps it', () => {
    const delayed = packets(1000).map((packet, i) =>
      i === 20 ? { ...packet, atMs: packet.atMs + 60 } : packet,
    );
    const small = render([streamOf(delayed)], 1100);
    assert.deepEqual(small.packets, { received: 50, lost: 0, late: 1 });
    assert.equal(small.flags[(80 + 400) / 20], Frame.late);
    assert.equal(heardAt(small.audio, 80 + 401), 20, 'the last packet goes on, concealing');
    const large = render([streamOf(delayed)], 1300, 200);
    assert.equal(large.packets.late, 0);
    assert.equal(heardAt(large.audio, 230 + 410), 21);
  });

  it('counts loss and conceals it, fading to silence in 60 ms', () => {
    const holed = packets(1000).filter((_, i) => i < 20 || i >= 30);
    const { audio, packets: count, flags } = render([streamOf(holed)], 1100);
    assert.deepEqual(count, { received: 40, lost: 10, late: 0 });
    assert.equal(heardAt(audio, 80 + 400 + 9), 20);
    const halfFaded = audio[(80 + 400 + 35) * 8] ?? NaN;
    assert.ok(Math.abs(halfFaded / levelOf(20) - 0.5) < 0.02);
    assert.equal(heardAt(audio, 80 + 400 + 61), 0);
    assert.equal(heardAt(audio, 80 + 600 + 10), 31, 'resumes in its place');
    assert.deepEqual([...flags.subarray(23, 35)], [1, ...Array<number>(10).fill(Frame.lost), 1]);
  });

  it('tells nothing sent from lost: no flag outside of the stream', () => {
    const { flags } = render([streamOf(packets(400))], 600);
    assert.equal(flags[0], Frame.none);
    assert.equal(flags.at(-1), Frame.none);
  });

  it('goes on over wrap-around of sequence number and timestamp', () => {
    const holed = (all: Packet[]) => streamOf(all.filter((_, i) => i < 4 || i > 6));
    const wrapping = packets(1000, { firstSequence: 65530, firstTimestamp: 0xffffffff - 800 });
    assert.deepEqual(render([holed(wrapping)], 1100), render([holed(packets(1000))], 1100));
    assert.equal(render([holed(wrapping)], 1100).packets.lost, 3);
  });

  it('leaves duplicates out', () => {
    const doubled = packets(400).flatMap((packet) => [packet, { ...packet, atMs: packet.atMs + 70 }]);
    assert.deepEqual(render([streamOf(doubled)], 500), render([streamOf(packets(400))], 500));
  });

  it('anchors anew where timestamps and arrivals part by more than 500 ms, not at 400', () => {
    const shifted = (ms: number) => packets(2000).map((p, i) => (i >= 50 ? { ...p, atMs: p.atMs + ms } : p));
    const far = render([streamOf(shifted(600))], 3000);
    assert.equal(heardAt(far.audio, 80 + 1000 + 600 + 10), 51);
    assert.equal(far.packets.late, 0);
    assert.equal(render([streamOf(shifted(400))], 3000).packets.late, 50);
  });

  it('anchors anew at a marker with a timestamp jump', () => {
    const jumped = (marker: boolean) =>
      packets(2000).map((p, i) =>
        i >= 50 ? { ...p, timestamp: p.timestamp + 8 * 300, marker: marker && i === 50 } : p,
      );
    assert.equal(heardAt(render([streamOf(jumped(true))], 2500).audio, 80 + 1000 + 10), 51);
    assert.equal(heardAt(render([streamOf(jumped(false))], 2500).audio, 80 + 1300 + 10), 51);
  });

  it('plays early media and then the answer from another source on one clock', () => {
    const early = streamOf(packets(1000), { ssrc: 1 });
    const answer = streamOf(packets(2000, { fromMs: 1000, firstTimestamp: 77 }), { ssrc: 2 });
    const { audio, packets: count } = render([answer, early], 2100);
    assert.equal(heardAt(audio, 80 + 990), 50);
    assert.equal(heardAt(audio, 80 + 1010), 1);
    assert.equal(count.received, 100);
  });

  it('renders only the window asked for, anchored on what came before it', () => {
    const whole = render([streamOf(packets(2000))], 2000).audio;
    const part = renderEar({ streams: [streamOf(packets(2000))], fromMs: 1010, toMs: 1510, bufferMs: 50 });
    assert.deepEqual(part.audio, whole.slice(8080, 12080));
    assert.equal(part.flags.length, 25);
    assert.equal(part.packets.received, 26);
  });

  it('has silence and no packets for an ear that nothing reached', () => {
    const { audio, flags, packets: count } = render([], 1000);
    assert.ok(audio.length === 8000 && audio.every((value) => value === 0));
    assert.ok(flags.every((flag) => flag === Frame.none));
    assert.deepEqual(count, { received: 0, lost: 0, late: 0 });
  });
});
