import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet';
import { dnsEffect } from '../../../src/faults/dns.js';
import type { EffectParts } from '../../../src/faults/node-effect.js';
import type { PlannedRecord } from '../../../src/plan/planned-lab.js';

const ADDRESS = '127.99.0.1';
const NAME = 'gw.trunk.test';

/** A nameserver on the loopback that answers `lateMs` after it was asked. */
async function startServer(lateMs: number): Promise<Disposable> {
  const socket = createSocket('udp4').bind(53, ADDRESS);
  await once(socket, 'listening');
  let isOpen = true;
  socket.on('message', (data, { port, address }) => {
    const { id = 0, questions = [] } = decode(data);
    const answer = encode({
      type: 'response',
      id,
      flags: AUTHORITATIVE_ANSWER,
      questions,
      answers: [{ type: 'A', name: NAME, ttl: 5, data: '198.18.0.9' }],
    });
    setTimeout(() => isOpen && socket.send(answer, port, address), lateMs);
  });
  const close = () => {
    isOpen = false;
    socket.close();
  };
  return { [Symbol.dispose]: close };
}

/** How `reply: slow, delay: 200ms` is proven of a server that is told so, and does as it likes. */
async function proven(lateMs: number, heldMs: number): Promise<{ slow: number | null; holds: boolean }> {
  using server = await startServer(lateMs);
  assert.ok(server);
  const node = { netnsPath: '/proc/self/ns/net', run: () => Promise.resolve('') };
  const record: PlannedRecord = { name: NAME, type: 'A', ttlS: 5, data: ['198.18.0.9'] };
  const fault = {
    id: 'fault-1',
    kind: 'dns',
    target: 'ns',
    record: null,
    records: [record],
    answer: { how: 'slow', delayMs: 200 },
  };
  const parts = {
    stage: {
      plan: { lab: { nodes: [{ name: 'ns', interfaces: [{ address: ADDRESS }] }] } },
      lab: { node: () => node },
    },
    life: { node },
    fault,
  };
  const effect = dnsEffect(parts as unknown as EffectParts<'dns'>);
  await effect.prepare();
  await effect.apply();
  const stop = new AbortController();
  const watched = effect.watch(stop.signal);
  await delay(heldMs);
  stop.abort();
  await watched;
  const [figure] = (await effect.proveApplied()).figures;
  return { slow: figure?.achieved ?? null, holds: figure?.holds ?? false };
}

describe('a nameserver that should be slow', () => {
  it('is not proven slow by how seldom its answers are taken in', async () => {
    assert.deepEqual(await proven(0, 230), { slow: 0, holds: false });
  });

  it('is proven slow when it is', async () => {
    const { slow, holds } = await proven(240, 900);
    assert.ok(holds && slow !== null && slow > 1);
  });
});
