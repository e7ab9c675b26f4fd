import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CUT_RULE, DecisionRecorder } from '../../../src/emulator/decision-recorder.js';
import { PacketView } from '../../../src/emulator/packet/packet-view.js';
import {
  DECISION_BYTES,
  DECISION_LOG_HEADER,
  type Decision,
  DecisionFlag,
  readDecisionLog,
} from '../../../src/runfolder/decision-log.js';
import { ARP_FRAME, frameOf } from '../../fixtures/frames.js';

const packet = (frame: Buffer) => new PacketView().look(frame, frame.length);
const udp = packet(frameOf({ sourcePort: 7, destinationPort: 9 }));

async function readAll(bytes: Buffer): Promise<Decision[]> {
  const folder = await mkdtemp(join(tmpdir(), 'decisions-'));
  try {
    await writeFile(join(folder, 'log'), bytes);
    const decisions: Decision[] = [];
    for await (const decision of readDecisionLog(join(folder, 'log'))) decisions.push(decision);
    return decisions;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a decision log', () => {
  it('gives back what was recorded', async () => {
    const batches: Uint8Array[] = [DECISION_LOG_HEADER];
    const recorder = new DecisionRecorder((batch) => batches.push(batch), 1000);
    const { corrupted, reordered } = DecisionFlag;
    recorder.record(0, 1, 5.25, 60, 'delivered', 12.5, 3, corrupted | reordered, udp);
    recorder.record(1, 2, 6, 1514, 'cut', NaN, CUT_RULE, 0, packet(ARP_FRAME));
    recorder.flush();
    const common = { identification: 0, duplicated: false };
    assert.deepEqual(await readAll(Buffer.concat(batches)), [
      {
        ...common,
        direction: 'a-to-b',
        n: 1,
        atMs: 1005.25,
        length: 60,
        verdict: 'delivered',
        delayMs: 12.5,
        rule: 3,
        corrupted: true,
        reordered: true,
        protocol: 17,
        sourcePort: 7,
        destinationPort: 9,
      },
      {
        ...common,
        direction: 'b-to-a',
        n: 2,
        atMs: 1006,
        length: 1514,
        verdict: 'cut',
        delayMs: null,
        rule: -2,
        corrupted: false,
        reordered: false,
        protocol: 0,
        sourcePort: 0,
        destinationPort: 0,
      },
    ]);
  });

  it('takes a bounded amount of memory, and says how much is missing', async () => {
    const batches: Uint8Array<ArrayBuffer>[] = [];
    const recorder = new DecisionRecorder((batch) => batches.push(batch), 0);
    const record = (n: number) => recorder.record(0, n, 0, 60, 'delivered', 0, -1, 0, udp);
    const room = 32 * 2048;
    for (let n = 1; n <= room + 500; n++) record(n);
    recorder.flush();
    assert.equal(batches.length, 32);
    recorder.giveBack(batches[0]!.buffer);
    record(room + 501);
    recorder.flush();
    const decisions = await readAll(Buffer.concat([DECISION_LOG_HEADER, batches.at(-1)!]));
    assert.deepEqual(
      decisions.map(({ verdict, n }) => [verdict, n]),
      [
        ['unrecorded', 500],
        ['delivered', room + 501],
      ],
    );
  });

  it('lets a decision wait for 200 ms at most', () => {
    const recorder = new DecisionRecorder(() => undefined, 0);
    assert.equal(recorder.flushDueMs, Infinity);
    recorder.record(0, 1, 50, 60, 'delivered', 0, -1, 0, udp);
    recorder.record(0, 2, 90, 60, 'delivered', 0, -1, 0, udp);
    assert.equal(recorder.flushDueMs, 250);
    recorder.flush();
    assert.equal(recorder.flushDueMs, Infinity);
  });

  it('is read without a record that was cut off, and not taken for something else', async () => {
    const batches: Uint8Array[] = [DECISION_LOG_HEADER];
    const recorder = new DecisionRecorder((batch) => batches.push(batch), 0);
    for (let n = 1; n <= 5000; n++) recorder.record(0, n, n, 60, 'lost', NaN, -1, 0, udp);
    recorder.flush();
    const whole = Buffer.concat(batches);
    assert.equal((await readAll(whole.subarray(0, -1))).length, 4999);
    assert.equal((whole.length - DECISION_LOG_HEADER.length) / DECISION_BYTES, 5000);
    assert.deepEqual(
      (await readAll(whole)).map(({ n }) => n),
      Array.from({ length: 5000 }, (_, index) => index + 1),
    );
    await assert.rejects(readAll(Buffer.from('a text')), /not a decision log/);
    await assert.rejects(readAll(Buffer.alloc(0)), /not a decision log/);
  });
});
