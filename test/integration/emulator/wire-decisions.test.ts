import assert from 'node:assert/strict';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { type Decision, readDecisionLog } from '../../../src/runfolder/decision-log.js';
import { connectAddressed } from '../../conformance/links.js';
import { aToB, delayed, direction, lossy } from '../../fixtures/impairments.js';
import { LINK, send, startWireStand } from './wire-stand.js';

const SPACING_MS = 2;

describe('decisions of wire', () => {
  const state = direction({ ...lossy(0.2), ...delayed(5, 5), duplicate: { share: 0.1, correlation: 0 } });

  /** 200 packets over a link that was told so, and the log of it. */
  async function run(seed: number) {
    const stand = await startWireStand(seed);
    const decisions: Decision[] = [];
    try {
      await stand.wire.set(LINK, aToB(state));
      for (let n = 0; n < 200; n++) {
        stand.a.send(Buffer.from(`packet ${n}`), stand.b.address, stand.b.port);
        const untilMs = monotonicMs() + SPACING_MS;
        while (monotonicMs() < untilMs);
      }
      const { aToB: counters } = await stand.wire.counters(LINK);
      await stand.wire[Symbol.asyncDispose]();
      for await (const decision of readDecisionLog(stand.log))
        if (decision.direction === 'a-to-b' && decision.protocol === 17) decisions.push(decision);
      return { decisions, counters };
    } finally {
      await stand[Symbol.asyncDispose]();
    }
  }

  it('are the same with the same seed, and are all written down', async () => {
    const first = await run(11);
    const fates = ({ decisions }: typeof first) =>
      decisions.map(({ n, verdict, duplicated }) => ({ n, verdict, duplicated }));
    assert.equal(first.decisions.length, 200);
    assert.deepEqual(fates(await run(11)), fates(first));
    assert.notDeepEqual(fates(await run(12)), fates(first));
    const lost = first.decisions.filter(({ verdict }) => verdict === 'lost').length;
    assert.equal(lost, first.counters.droppedByLoss);
    for (const { verdict, delayMs, sourcePort, destinationPort, length, rule } of first.decisions) {
      assert.deepEqual([sourcePort, destinationPort, rule], [4000, 4001, -1]);
      assert.ok(length > 42 && (verdict === 'lost' ? delayMs === null : delayMs! >= 0));
    }
  });

  it('come with how late they were carried out', async () => {
    await using stand = await startWireStand(1);
    await stand.wire.set(LINK, aToB(direction(delayed(5))));
    const packets = Array.from({ length: 50 }, (_, index) => `packet ${index}`);
    assert.equal(send(stand, packets, 50).length, 50);
    const { lateness } = await stand.wire.counters(LINK);
    assert.ok(lateness!.frames >= 50 && lateness!.p50Ms > 0 && lateness!.maxMs >= lateness!.p99Ms);
  });

  it('need a file that can be written', async () => {
    await using stand = await startWireStand(1);
    await assert.rejects(connectAddressed(stand.wire, 1, stand.left, stand.right, '/nowhere/log'), {
      code: 'LINK_FAILED',
      message: /ENOENT/,
    });
  });
});
