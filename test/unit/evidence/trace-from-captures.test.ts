import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceFromCaptures, type CapturePair } from '../../../src/evidence/trace-from-captures.js';
import { randomStream } from '../../../src/emulator/random.js';
import { writePcap, type WirePacket } from '../../fixtures/pcap.js';

const [A, B] = ['198.18.1.1', '198.18.1.2'];
const packet = (n: number, atMs: number, overrides: Partial<WirePacket> = {}): WirePacket => ({
  atMs,
  src: A,
  dst: B,
  srcPort: 4000,
  dstPort: 5000,
  payload: `packet ${n}`,
  id: n & 0xffff,
  ...overrides,
});

describe('a trace from captures on both sides of a link', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'deadair-pair-'))));
  after(() => rmSync(folder, { recursive: true }));

  function imported(before: WirePacket[], after: WirePacket[], options: Partial<CapturePair> = {}) {
    const pair = { before: join(folder, 'before.pcap'), after: join(folder, 'after.pcap') };
    const nanoseconds = { nanoseconds: true };
    writePcap(
      pair.before,
      [...before].sort((a, b) => a.atMs - b.atMs),
      nanoseconds,
    );
    writePcap(
      pair.after,
      [...after].sort((a, b) => a.atMs - b.atMs),
      nanoseconds,
    );
    return traceFromCaptures({ ...pair, from: null, offsetMs: 0, end: 'hold', ...options });
  }
  const near = (delays: (number | null)[], expected: (number | null)[]) => {
    assert.deepEqual(
      delays.map((delay) => delay === null),
      expected.map((delay) => delay === null),
    );
    for (const [index, delay] of delays.entries())
      assert.ok(Math.abs((delay ?? 0) - (expected[index] ?? 0)) < 0.002, `${index}: ${delay}`);
  };

  it('gives each packet its delay, or its loss, in the order of sending', async () => {
    const { trace, matched, lost } = await imported(
      [packet(1, 0), packet(2, 20), packet(3, 40), packet(4, 60)],
      [packet(1, 30), packet(3, 85.5), packet(4, 90), packet(9, 500)],
    );
    near(trace.delaysMs, [30, null, 45.5, 30]);
    assert.deepEqual([matched, lost], [3, 1]);
  });

  it('leaves out the other direction, which is seen after the link first', async () => {
    const back = (n: number, atMs: number) => packet(n, atMs, { src: B, dst: A });
    const { trace } = await imported(
      [packet(1, 0), back(7, 55), packet(2, 100), back(8, 155), packet(3, 200)],
      [packet(1, 10), back(7, 40), packet(2, 110), back(8, 140), back(99, 190), packet(3, 210)],
    );
    near(trace.delaysMs, [10, 10, 10]);
  });

  it('takes packets with the same content in order, and says that there were some', async () => {
    const same = (atMs: number) => packet(5, atMs);
    const { trace, alike } = await imported([same(0), same(20)], [same(10), same(35)]);
    near(trace.delaysMs, [10, 15]);
    assert.equal(alike, 1);
  });

  it('does not take for lost what the second capture was too short for', async () => {
    const { trace } = await imported(
      [packet(0, -500), packet(1, 0), packet(2, 10), packet(3, 300)],
      [packet(1, 40), packet(2, 50)],
    );
    near(trace.delaysMs, [40, 40]);
  });

  it('corrects a clock, and refuses clocks that contradict each other', async () => {
    const pair = [
      [packet(1, 100), packet(2, 200)],
      [packet(1, 70), packet(2, 170)],
    ] as const;
    const { trace } = await imported([...pair[0]], [...pair[1]], { offsetMs: -50 });
    near(trace.delaysMs, [20, 20]);
    await assert.rejects(imported([...pair[0]], [...pair[1]], { from: A }), {
      code: 'CLOCKS_DIFFER',
      exitCode: 64,
    });
    await assert.rejects(imported([packet(1, 0)], [packet(2, 5)]), { code: 'CAPTURES_UNRELATED' });
  });

  it('gives back a generated link: thousands of packets, a fifth lost', async () => {
    const random = randomStream('pair');
    const fates = Array.from({ length: 3000 }, () => (random.next() < 0.2 ? null : 20 + random.next() * 10));
    fates[0] = fates[2999] = 25;
    const sent = fates.map((_, n) => packet(n, n * 20));
    const arrived = fates.flatMap((delay, n) => (delay === null ? [] : [packet(n, n * 20 + delay)]));
    near((await imported(sent, arrived)).trace.delaysMs, fates);
  });
});
