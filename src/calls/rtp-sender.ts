import { createHash } from 'node:crypto';
import { NOISE_PAYLOAD_TYPE, noisePayload } from '../audio/comfort-noise.js';
import { encode, PAYLOAD_TYPE, type Law } from '../audio/g711.js';
import type { AudioSource } from '../audio/tones.js';

export const PACKET_MS = 20;
const SAMPLES = 160;
const HEADER_BYTES = 12;
const EVENT_BYTES = 4;
/** As lab/sipp/media.sdp.hbs offers it. */
const EVENT_PAYLOAD_TYPE = 101;
/** −10 dBm0. */
const EVENT_VOLUME = 10;
/** That of a quiet room. */
const NOISE_DBOV = -60;

/** A telephone event at one packet time (RFC 4733 §2.3). */
export interface RtpEvent {
  /** 0–15. */
  code: number;
  /** Packet times since it began, from 1. */
  packets: number;
  end: boolean;
}

/** Builds the RTP packets of one leg, G.711: 20 ms each, SSRC and starting points from the leg's name. */
export class RtpSender {
  private readonly packet = Buffer.alloc(HEADER_BYTES + SAMPLES);
  private readonly eventPacket = Buffer.alloc(HEADER_BYTES + EVENT_BYTES);
  private readonly noisePacket = Buffer.alloc(HEADER_BYTES + 1);
  private readonly samples = new Int16Array(SAMPLES);
  private sequence: number;
  private timestamp: number;
  private eventTimestamp = 0;
  private first = true;

  constructor(
    leg: string,
    private readonly law: Law = 'PCMU',
  ) {
    const digest = createHash('sha256').update(leg).digest();
    this.packet[0] = 0x80;
    digest.copy(this.packet, 8, 0, 4);
    this.sequence = digest.readUInt16BE(4);
    this.timestamp = digest.readUInt32BE(6);
  }

  /**
   * The next packet; the buffer is reused by the next call.
   * @param change may put something else over the samples
   */
  next(source: AudioSource, change?: (samples: Int16Array) => void): Buffer {
    source.next(this.samples);
    change?.(this.samples);
    // The marker bit begins a talkspurt (RFC 3551 §4.1).
    this.packet[1] = PAYLOAD_TYPE[this.law] | (this.first ? 0x80 : 0);
    this.first = false;
    this.packet.writeUInt16BE(this.sequence, 2);
    this.packet.writeUInt32BE(this.timestamp, 4);
    encode(this.law, this.samples, this.packet.subarray(HEADER_BYTES));
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + SAMPLES) >>> 0;
    return this.packet;
  }

  /** Lets the time of a packet go by unsaid: what comes next is a new talkspurt, and no packet is missing before it. */
  skip(source: AudioSource): void {
    this.pass(source);
    this.first = true;
  }

  /** Tells the noise of the pause that begins (RFC 3389), and lets the packet's time go by; the buffer is reused by the next call. */
  noise(source: AudioSource): Buffer {
    this.packet.copy(this.noisePacket, 0, 0, HEADER_BYTES);
    this.noisePacket[1] = NOISE_PAYLOAD_TYPE;
    this.noisePacket.writeUInt16BE(this.sequence, 2);
    this.noisePacket.writeUInt32BE(this.timestamp, 4);
    this.noisePacket.set(noisePayload(NOISE_DBOV), HEADER_BYTES);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.skip(source);
    return this.noisePacket;
  }

  /** Lets one packet time of audio pass unsaid: an event is told instead. */
  pass(source: AudioSource): void {
    source.next(this.samples);
    this.timestamp = (this.timestamp + SAMPLES) >>> 0;
  }

  /** An event's packet, to be had before the audio (or the skip) of its time; the buffer is reused by the next call. */
  event({ code, packets, end }: RtpEvent): Buffer {
    if (packets === 1) this.eventTimestamp = this.timestamp;
    this.packet.copy(this.eventPacket, 0, 0, HEADER_BYTES);
    this.eventPacket[1] = EVENT_PAYLOAD_TYPE | (packets === 1 ? 0x80 : 0);
    this.eventPacket.writeUInt16BE(this.sequence, 2);
    this.eventPacket.writeUInt32BE(this.eventTimestamp, 4);
    this.eventPacket[HEADER_BYTES] = code;
    this.eventPacket[HEADER_BYTES + 1] = (end ? 0x80 : 0) | EVENT_VOLUME;
    this.eventPacket.writeUInt16BE(packets * SAMPLES, HEADER_BYTES + 2);
    this.sequence = (this.sequence + 1) & 0xffff;
    return this.eventPacket;
  }
}
