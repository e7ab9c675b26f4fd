import assert from 'node:assert/strict';
import { readOpusPacket } from '../../src/audio/opus-packet.js';
import { OpusStreamDecoder } from '../../src/audio/opus.js';

/** Decodes what is said to be an Opus packet, and conceals one after it; throws if that goes wrong. */
export class OpusCheck {
  private constructor(private readonly decoder: OpusStreamDecoder) {}

  static async start(): Promise<OpusCheck> {
    return new OpusCheck(await OpusStreamDecoder.start(8000));
  }

  check(payload: Buffer): 'Opus read' | 'no Opus' {
    const packet = readOpusPacket(payload);
    const samples = this.decoder.decode(payload);
    assert.ok(
      packet ? samples.length === packet.frames * packet.frameMs * 8 : samples.length === 0,
      'length',
    );
    assert.ok(this.decoder.conceal(60).length <= 60 * 8, 'concealment');
    return packet ? 'Opus read' : 'no Opus';
  }
}
