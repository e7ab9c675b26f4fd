import assert from 'node:assert/strict';
import { OpusDecoder } from 'opus-decoder';
import { readOpusPacket } from '../../../src/audio/opus-packet.js';
import { Random } from '../../fuzz/mutate.js';

const read = (...bytes: number[]) => readOpusPacket(Uint8Array.from(bytes));
/** SILK narrowband, 20 ms, so many frames by its last two bits. */
const TOC = 1 << 3;

describe('the make-up of an Opus packet (RFC 6716 §3)', () => {
  it('one frame, two of a length, two of any', () => {
    assert.deepEqual(read(TOC), { frames: 1, frameMs: 20 });
    assert.deepEqual(read(TOC | 1, 7, 7), { frames: 2, frameMs: 20 });
    assert.equal(read(TOC | 1, 7), null);
    assert.deepEqual(read(TOC | 2, 1, 7), { frames: 2, frameMs: 20 });
    assert.equal(read(TOC | 2, 3, 7), null);
    assert.equal(read(), null);
  });

  it('frames are 2.5 to 60 ms long, by the mode', () => {
    const lengths = [0, 3, 12, 13, 16, 31].map((config) => read(config << 3)?.frameMs);
    assert.deepEqual(lengths, [10, 60, 10, 20, 2.5, 20]);
  });

  it('any number of frames, with padding, but no more than 120 ms', () => {
    assert.deepEqual(read(TOC | 3, 3, 1, 2, 3), { frames: 3, frameMs: 20 });
    assert.equal(read(TOC | 3, 3, 1, 2), null);
    assert.equal(read(TOC | 3, 7, ...new Array<number>(7).fill(0)), null);
    assert.equal(read(TOC | 3, 0), null);
    assert.deepEqual(read(TOC | 3, 0x40 | 1, 2, 9, 0, 0), { frames: 1, frameMs: 20 });
    assert.equal(read(TOC | 3, 0x40 | 1, 200, 9), null);
  });

  it('is what libopus takes it for, whatever the bytes', async () => {
    const decoder = new OpusDecoder({ sampleRate: 8000, channels: 1 });
    await decoder.ready;
    const random = new Random(6716);
    // The package prints what libopus refuses.
    const print = console.error;
    console.error = () => undefined;
    try {
      let valid = 0;
      for (let n = 0; n < 4000; n++) {
        const bytes = random.bytes(1 + random.below(random.of([4, 40, 400])));
        const packet = readOpusPacket(bytes);
        const { samplesDecoded } = decoder.decodeFrame(bytes);
        assert.equal(samplesDecoded, packet ? packet.frames * packet.frameMs * 8 : 0, bytes.toString('hex'));
        if (packet) valid++;
      }
      assert.ok(valid > 1000 && valid < 3900, `${valid}`);
    } finally {
      console.error = print;
    }
  });
});
