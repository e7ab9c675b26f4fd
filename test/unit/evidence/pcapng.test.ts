import assert from 'node:assert/strict';
import { bytesSource } from '../../../src/evidence/byte-source.js';
import { readFrames } from '../../../src/evidence/capture.js';
import type { CaptureMark } from '../../../src/evidence/captured-frame.js';
import { PcapngWriter } from '../../fixtures/pcapng.js';

const EPOCH_MS = 1_700_000_000_000;
const US = BigInt(EPOCH_MS) * 1000n;

async function read(bytes: Buffer, from?: CaptureMark) {
  const seen: { number: number; atMs: number; text: string; cut: boolean; link: number; name: string }[] = [];
  const marks: CaptureMark[] = [];
  const summary = await readFrames(
    bytesSource(bytes),
    (frame) => {
      const { number, start, end, linkType: link, section } = frame;
      seen.push({
        number,
        atMs: frame.wallMs - EPOCH_MS,
        text: frame.bytes.toString('latin1', start, end),
        cut: frame.originalLength > end - start,
        link,
        name: section.interfaces[frame.interface]!.name,
      });
      marks.push({ position: frame.position, frame: number, section });
    },
    from,
  );
  return { ...summary, seen, marks };
}

const frame = (number: number, atMs: number, text: string, more = {}) => ({
  number,
  atMs,
  text,
  cut: false,
  link: 1,
  name: '',
  ...more,
});

describe('readCapture, pcapng', () => {
  for (const bigEndian of [false, true])
    it(`reads interfaces of their own link type, name, unit and origin of time; big endian: ${bigEndian}`, async () => {
      const offset = Buffer.alloc(8);
      if (bigEndian) offset.writeBigInt64BE(BigInt(EPOCH_MS / 1000));
      else offset.writeBigInt64LE(BigInt(EPOCH_MS / 1000));
      const writer = new PcapngWriter(bigEndian)
        .section()
        .interface(1)
        .interface(101, [
          { code: 2, value: Buffer.from('eth7') },
          { code: 9, value: Buffer.of(9) },
        ])
        .interface(113, [
          { code: 9, value: Buffer.of(0x80 | 10) },
          { code: 14, value: offset },
          { code: 4711, value: Buffer.alloc(5) },
        ])
        .packet(0, US + 1500n, Buffer.from('one'))
        .packet(1, US * 1000n + 2_500_000n, Buffer.from('twos'))
        .packet(2, 512n, Buffer.from('three'), 9);
      const { format, frames, problems, seen } = await read(writer.bytes());
      assert.deepEqual({ format, frames, problems }, { format: 'pcapng', frames: 3, problems: [] });
      assert.deepEqual(seen, [
        frame(1, 1.5, 'one'),
        frame(2, 2.5, 'twos', { link: 101, name: 'eth7' }),
        frame(3, 500, 'three', { link: 113, cut: true }),
      ]);
    });

  it('reads sections of either byte order one after another, each with interfaces of its own', async () => {
    const little = new PcapngWriter().section().interface(1).packet(0, US, Buffer.from('a')).bytes();
    const big = new PcapngWriter(true).section().interface(101).packet(0, US, Buffer.from('b')).bytes();
    const { seen } = await read(Buffer.concat([little, big, little]));
    assert.deepEqual(
      seen.map(({ number, text, link }) => [number, text, link]),
      [
        [1, 'a', 1],
        [2, 'b', 101],
        [3, 'a', 1],
      ],
    );
  });

  it('reads simple and obsolete packet blocks', async () => {
    const writer = new PcapngWriter()
      .section()
      .interface(1, [], 4)
      .packet(0, US, Buffer.from('one'))
      .block(3, 6, Buffer.from('two!'))
      .block(2, [16, 0], [16, 77], Number(US >> 32n), Number(US & 0xffffffffn), 5, 5, Buffer.from('three'));
    const { problems, seen } = await read(writer.bytes());
    assert.deepEqual(seen, [frame(1, 0, 'one'), frame(2, 0, 'two!', { cut: true }), frame(3, 0, 'three')]);
    assert.deepEqual(problems, ['1 × frame without a time, given that of the one before (first: frame 2)']);
  });

  it('skips blocks that it has no use for, however long', async () => {
    const writer = new PcapngWriter()
      .section()
      .interface(1)
      .block(5, Buffer.alloc(5_000_000))
      .packet(0, US, Buffer.from('one'))
      .block(0xbad, Buffer.alloc(3))
      .block(10, Buffer.from('keys'))
      .packet(0, US, Buffer.alloc(600_000))
      .packet(0, US, Buffer.from('two'));
    const { problems, seen } = await read(writer.bytes());
    assert.deepEqual(
      seen.map(({ text }) => text),
      ['one', 'two'],
    );
    assert.deepEqual(problems, [
      '1 × block of keys, which are not used (first: frame 2)',
      '1 × block that is too long, left out (first: frame 2)',
    ]);
  });

  it('reads on from a mark', async () => {
    const writer = new PcapngWriter(true).section().interface(1).interface(101);
    for (let i = 0; i < 5; i++) writer.packet(i % 2, US, Buffer.from(String(i)));
    const bytes = writer.bytes();
    const { marks } = await read(bytes);
    const { seen } = await read(bytes, marks[3]);
    assert.deepEqual(
      seen.map(({ number, text, link }) => [number, text, link]),
      [
        [4, '3', 101],
        [5, '4', 1],
      ],
    );
  });

  it('numbers frames of interfaces that are not described, and leaves them out', async () => {
    const writer = new PcapngWriter().section().interface(1);
    const { problems, seen } = await read(
      writer.packet(3, US, Buffer.from('x')).packet(0, US, Buffer.from('y')).bytes(),
    );
    assert.deepEqual(seen, [frame(2, 0, 'y')]);
    assert.deepEqual(problems, ['1 × frame of an interface that is not described (first: frame 1)']);
  });

  it('says where a damaged file ends', async () => {
    const whole = new PcapngWriter().section().interface(1).packet(0, US, Buffer.from('one')).bytes();
    const wrong = (at: number, value: number) => {
      const bytes = Buffer.concat([whole, whole.subarray(48)]);
      bytes.writeUInt32LE(value, at);
      return bytes;
    };
    const second = whole.length;
    const cases: [Buffer, number, RegExp][] = [
      [whole.subarray(0, whole.length - 1), 0, /^is cut off after frame 0$/],
      [wrong(second + 4, 0xfffffff0), 1, /^is cut off after frame 1$/],
      [wrong(second + 4, 8), 1, /a block of 8 bytes, which can't be, after frame 1/],
      [wrong(second + 4, 37), 1, /a block of 37 bytes, which can't be, after frame 1/],
      [wrong(second + 32, 40), 1, /two lengths differ, after frame 1/],
      [wrong(second + 20, 0xffffffff), 2, /1 × frame that claims more bytes than its block has/],
      [wrong(8, 0), 0, /a section without a byte order, after frame 0/],
    ];
    for (const [bytes, frames, problem] of cases) {
      const result = await read(bytes);
      assert.equal(result.frames, frames, String(problem));
      assert.equal(result.problems.length, 1);
      assert.match(result.problems[0]!, problem);
    }
  });
});
