import assert from 'node:assert/strict';
import { EventKeypad, ToneKeypad } from '../../../src/calls/keypad.js';
import { RtpSender } from '../../../src/calls/rtp-sender.js';
import { ToneSource } from '../../../src/audio/tones.js';
import { eventDigits } from '../../../src/measures/hearing/dtmf/events.js';
import { inBandDigits } from '../../../src/measures/hearing/dtmf/in-band.js';
import type { RtpStream } from '../../../src/evidence/types.js';

const EVENTS = new Map([[101, { codec: 'telephone-event', clockHz: 8000 }]]);

/** Everything that a keypad of events sends over silence, as a capture would have it. */
function sent(digits: string): { stream: RtpStream; packets: Buffer[] } {
  const sender = new RtpSender('leg');
  const silence = new ToneSource('silence');
  const keypad = new EventKeypad(digits);
  const packets: Buffer[] = [];
  for (let press = keypad.next(); press; press = keypad.next()) {
    if (press.event) packets.push(Buffer.from(sender.event(press.event)));
    if (press.withAudio) packets.push(Buffer.from(sender.next(silence)));
    else sender.skip(silence);
  }
  const at = { address: '198.18.1.1', port: 20_000 };
  const stream: RtpStream = {
    file: 'captures/x.pcap',
    node: 'x',
    interface: 'y',
    src: at,
    dst: at,
    ssrc: 1,
    sent: true,
    atMs: Float64Array.from(packets, (_, i) => i * 20),
    frame: Uint32Array.from(packets, (_, i) => i + 1),
    sequence: Uint16Array.from(packets, (packet) => packet.readUInt16BE(2)),
    timestamp: Uint32Array.from(packets, (packet) => packet.readUInt32BE(4)),
    payloadType: Uint8Array.from(packets, (packet) => packet[1]! & 0x7f),
    marker: Uint8Array.from(packets, (packet) => packet[1]! >> 7),
    payload: packets.map((packet) => packet.subarray(12)),
  };
  return { stream, packets };
}

describe('a keypad', () => {
  it('dials events that are read as they were dialled, a repeated digit twice', () => {
    const digits = eventDigits([sent('1002#').stream], EVENTS);
    assert.equal(digits.map(({ digit }) => digit).join(''), '1002#');
    for (const { durationMs } of digits) assert.equal(durationMs, 100);
  });

  it('tells the end of each event three times, and loses no sequence number to that (RFC 4733 §2.5.1.4)', () => {
    const { stream } = sent('7');
    const ends = stream.payload.filter(
      ({ length }, i) => length === 4 && (stream.payload[i]![1]! & 0x80) !== 0,
    );
    assert.equal(ends.length, 3);
    const steps = Array.from(stream.sequence, (value) => (value - stream.sequence[0]!) & 0xffff);
    assert.deepEqual(
      steps,
      steps.map((_, i) => i),
    );
  });

  it('goes on with the audio where it would have been without digits', () => {
    const { stream } = sent('7');
    const audio = Array.from(stream.timestamp).filter((_, i) => stream.payloadType[i] === 0);
    // Five packet times went by in events: the next audio is the sixth.
    assert.equal((audio[0]! - stream.timestamp[0]!) >>> 0, 5 * 160);
  });

  it('dials tones that are read as they were dialled, and lets what is played be heard between them', () => {
    const keypad = new ToneKeypad('90*');
    const audio: number[] = [];
    for (
      let samples = new Int16Array(160).fill(1);
      keypad.over(samples);
      samples = new Int16Array(160).fill(1)
    )
      audio.push(...samples);
    const digits = inBandDigits(Int16Array.from(audio), 0);
    assert.equal(digits.map(({ digit }) => digit).join(''), '90*');
    assert.equal(audio[5 * 160 + 10], 1);
  });
});
