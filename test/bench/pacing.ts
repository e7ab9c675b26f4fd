import { setTimeout as delay } from 'node:timers/promises';
import { signatureKey } from '../../src/audio/signature.js';
import { monotonicMs } from '../../src/base/linux/clock.js';
import { startMedia } from '../../src/calls/media.js';
import { startScratchNamespace } from '../integration/scratch-namespace.js';
import type { BenchRow } from './row.js';

const STREAMS = 100;
const SECONDS = 10;

/** How late media packets leave against their 20 ms beat, with 100 streams on one machine for 10 s. */
export async function benchPacing(): Promise<BenchRow[]> {
  await using namespace = await startScratchNamespace();
  namespace.run('ip', 'link', 'set', 'lo', 'up');
  await using media = await startMedia((message) => {
    throw new Error(message);
  });
  media.begin(monotonicMs());
  for (let stream = 0; stream < STREAMS; stream++) {
    const leg = `stream-${stream}`;
    media.open(leg, namespace.netnsPath, '127.0.0.1', 20_000 + 2 * stream);
    const signature = signatureKey(1, leg, 'from-caller').toString('hex');
    media.play(leg, '127.0.0.1', 40_000 + 2 * stream, { signature });
  }
  // The benchmark is this long: there is nothing to wait for.
  await delay(SECONDS * 1000);
  const { packets, p50Ms, p99Ms, maxMs } = await media.finish();
  const name = `media pacing, ${STREAMS} streams, ${packets} packets`;
  return [
    { name: `${name}, late by (median)`, value: p50Ms, unit: 'ms', target: '' },
    { name: `${name}, late by (p99)`, value: p99Ms, unit: 'ms', target: '<= 2.5' },
    { name: `${name}, late by (max)`, value: maxMs, unit: 'ms', target: '' },
  ];
}
