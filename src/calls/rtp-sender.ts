import { createHash } from 'node:crypto';
import { encodeMulaw } from '../audio/g711.js';
import type { AudioSource } from '../audio/tones.js';

export const PACKET_MS = 20;
const SAMPLES = 160;
const HEADER_BYTES = 12;

/** Builds the G.711 µ-law RTP packets of one leg: 20 ms each, SSRC and starting points from the leg's name. */
export class RtpSender {
  private readonly packet = Buffer.alloc(HEADER_BYTES + SAMPLES);
  private readonly samples = new Int16Array(SAMPLES);
  private sequence: number;
  private timestamp: number;
  private first = true;

  constructor(leg: string) {
    const digest = createHash('sha256').update(leg).digest();
    this.packet[0] = 0x80;
    digest.copy(this.packet, 8, 0, 4);
    this.sequence = digest.readUInt16BE(4);
    this.timestamp = digest.readUInt32BE(6);
  }

  /** The next packet; the buffer is reused by the next call. */
  next(source: AudioSource): Buffer {
    source.next(this.samples);
    // The marker bit begins a talkspurt (RFC 3551 §4.1).
    this.packet[1] = this.first ? 0x80 : 0;
    this.first = false;
    this.packet.writeUInt16BE(this.sequence, 2);
    this.packet.writeUInt32BE(this.timestamp, 4);
    for (let i = 0; i < SAMPLES; i++) this.packet[HEADER_BYTES + i] = encodeMulaw(this.samples[i] ?? 0);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + SAMPLES) >>> 0;
    return this.packet;
  }

  /** Lets the time of a packet go by unsaid: what comes next is a new talkspurt, and no packet is missing before it. */
  skip(source: AudioSource): void {
    source.next(this.samples);
    this.timestamp = (this.timestamp + SAMPLES) >>> 0;
    this.first = true;
  }
}
