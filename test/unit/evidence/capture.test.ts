import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '../../../src/evidence/capture.js';
import type { CaptureMark } from '../../../src/evidence/captured-frame.js';
import { pcapBytes, type PcapOptions } from '../../fixtures/pcap.js';

const EPOCH = 1_700_000_000_000;
const packet = (atMs: number, payload: string) => ({
  atMs,
  src: '198.18.0.1',
  dst: '198.18.0.2',
  srcPort: 1000,
  dstPort: 2000,
  payload,
});

describe('readCapture', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'deadair-test-'))));
  after(() => rmSync(folder, { recursive: true }));

  const read = async (bytes: Buffer) => {
    const path = join(folder, 'a.pcap');
    writeFileSync(path, bytes);
    const frames: { number: number; wallMs: number; payload: string; cut: boolean }[] = [];
    const summary = await readCapture(path, (frame) => {
      const payload = frame.bytes.toString('latin1', frame.start + 42, frame.end);
      const cut = frame.originalLength > frame.end - frame.start;
      frames.push({ number: frame.number, wallMs: frame.wallMs, payload, cut });
    });
    return { ...summary, seen: frames };
  };

  for (const options of [
    {},
    { bigEndian: true },
    { nanoseconds: true },
    { nanoseconds: true, bigEndian: true },
  ] satisfies PcapOptions[]) {
    it(`reads frames and times, ${JSON.stringify(options)}`, async () => {
      const { frames, problems, seen } = await read(
        pcapBytes([packet(1.5, 'one'), packet(1020.25, 'two')], options),
      );
      assert.deepEqual(problems, []);
      assert.equal(frames, 2);
      assert.deepEqual(seen, [
        { number: 1, wallMs: EPOCH + 1.5, payload: 'one', cut: false },
        { number: 2, wallMs: EPOCH + 1020.25, payload: 'two', cut: false },
      ]);
    });
  }

  it('reads across the borders of its buffer', async () => {
    const payloads = Array.from({ length: 3000 }, (_, i) => `${i}:`.padEnd(1000 + (i % 7), 'x'));
    const { problems, seen } = await read(pcapBytes(payloads.map((payload, i) => packet(i, payload))));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      seen.map(({ payload }) => payload),
      payloads,
    );
  });

  it('shows what was cut by the snap length', async () => {
    const { seen } = await read(pcapBytes([packet(0, 'abcdef')], { snapLength: 45 }));
    assert.deepEqual(seen, [{ number: 1, wallMs: EPOCH, payload: 'abc', cut: true }]);
  });

  it('gives what came before a truncated tail, and says where it ends', async () => {
    const whole = pcapBytes([packet(0, 'one'), packet(1, 'two')]);
    for (const missing of [1, 20, 50]) {
      const { frames, problems } = await read(whole.subarray(0, whole.length - missing));
      assert.equal(frames, 1);
      assert.deepEqual(problems, ['is cut off inside frame 2']);
    }
  });

  it('does not believe an impossible length field', async () => {
    const bytes = pcapBytes([packet(0, 'one'), packet(1, 'two')]);
    bytes.writeUInt32LE(0xfffffff0, 24 + 16 + 45 + 8);
    const { frames, problems } = await read(bytes);
    assert.equal(frames, 1);
    assert.match(problems[0] ?? '', /^frame 2 claims 4294967280 bytes/);
  });

  const ethernet = pcapBytes([]);
  const cases: [string, Buffer, RegExp][] = [
    ['an empty file', Buffer.alloc(0), /^is empty$/],
    ['two bytes', Buffer.from('ab'), /no file header/],
    ['garbage', Buffer.from('this is no capture at all, honestly'), /begins with 74686973/],
    ['half a file header', ethernet.subarray(0, 20), /cut off inside its file header/],
    [
      'half a section header of pcapng',
      Buffer.from('0a0d0d0a1c0000004d3c2b1a', 'hex'),
      /^is cut off after frame 0$/,
    ],
    ['what is compressed', Buffer.from('1f8b080000000000', 'hex'), /gunzip/],
    ['another kind of capture', Buffer.from('snoop\0\0\0'), /snoop.*editcap/],
  ];
  for (const [name, bytes, problem] of cases) {
    it(`reports ${name}`, async () => {
      const { frames, problems } = await read(bytes);
      assert.equal(frames, 0);
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, problem);
    });
  }

  it('reports a folder', async () => {
    const { frames, problems } = await readCapture(folder, () => assert.fail());
    assert.equal(frames, 0);
    assert.match(problems[0] ?? '', /^cannot be read: EISDIR/);
  });

  it('stops where it is told, and reads on from a mark', async () => {
    const path = join(folder, 'marks.pcap');
    writeFileSync(path, pcapBytes([packet(0, 'one'), packet(1, 'two'), packet(2, 'three')]));
    let mark: CaptureMark | undefined;
    await readCapture(path, ({ position, number, section }) => {
      mark = { position, frame: number, section };
      return number < 2 ? undefined : false;
    });
    const numbers: number[] = [];
    const { frames } = await readCapture(path, ({ number }) => void numbers.push(number), mark);
    assert.deepEqual({ numbers, frames }, { numbers: [2, 3], frames: 3 });
  });

  it('reports a missing file', async () => {
    const { frames, problems } = await readCapture(join(folder, 'missing.pcap'), () => assert.fail());
    assert.equal(frames, 0);
    assert.match(problems[0] ?? '', /^cannot be opened: ENOENT/);
  });
});
