import { OpusDecoder } from 'opus-decoder';
import { readOpusPacket } from './opus-packet.js';
import type { RateHz } from './source.js';

/** What the package makes room for; more than any packet that RFC 6716 allows at 20 ms. */
const LONGEST_BYTES = 3840;

/** Decodes one Opus stream (RFC 6716, RFC 7587) with libopus; keeps state from packet to packet. Stereo is mixed to mono. */
export class OpusStreamDecoder {
  private lastToc: number | null = null;
  private lastFrameMs = 0;

  private constructor(
    private readonly decoder: OpusDecoder<RateHz>,
    private readonly rateHz: RateHz,
  ) {}

  /** libopus runs as WebAssembly, which is made ready asynchronously; after that, decoding is not. */
  static async start(rateHz: RateHz): Promise<OpusStreamDecoder> {
    const decoder = new OpusDecoder({ sampleRate: rateHz, channels: 1 });
    await decoder.ready;
    return new OpusStreamDecoder(decoder, rateHz);
  }

  /** 16-bit samples of a packet's payload; none if it isn't a packet of Opus. */
  decode(payload: Uint8Array): Int16Array {
    const packet = payload.length <= LONGEST_BYTES ? readOpusPacket(payload) : null;
    if (!packet) return new Int16Array(0);
    this.lastToc = payload[0]!;
    this.lastFrameMs = packet.frameMs;
    return this.samplesOf(payload);
  }

  /**
   * What a receiver plays for up to `mostMs` that never came, by libopus's own concealment: a frame of no bytes makes it
   * extrapolate for as long as the last frame was. Redundancy in the packet after (in-band FEC) is not used.
   */
  conceal(mostMs: number): Int16Array {
    if (this.lastToc === null) return new Int16Array(0);
    const frames = Math.ceil(mostMs / this.lastFrameMs);
    // The last packet's mode and bandwidth, code 0: one frame.
    const missing = Uint8Array.of(this.lastToc & ~3);
    const parts = Array.from({ length: frames }, () => this.samplesOf(missing));
    const samples = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      samples.set(part, at);
      at += part.length;
    }
    return samples.subarray(0, Math.round((mostMs * this.rateHz) / 1000));
  }

  private samplesOf(packet: Uint8Array): Int16Array {
    const [channel] = this.decoder.decodeFrame(packet).channelData;
    return Int16Array.from(channel ?? [], (value) =>
      Math.max(-32768, Math.min(32767, Math.round(value * 32768))),
    );
  }
}
