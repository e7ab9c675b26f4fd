import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../src/verdict/types.js';
import { CLI } from '../fixtures/cli.js';
import type { BenchRow } from './row.js';

const SAMPLE_MS = 500;
const KIB_PER_MB = 1e6 / 1024;

/** Wall clock and memory of the whole tour, all labs in parallel. */
export async function benchTour(): Promise<BenchRow[]> {
  const out = await mkdtemp(join(tmpdir(), 'deadair-'));
  const startedMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'run', '--tag', 'tour', '--defects', 'also', '--out', out], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  let peakMb = 0;
  let peakLabMb = 0;
  while (child.exitCode === null && child.pid !== undefined) {
    const { own, lab } = await residentMb(child.pid);
    peakMb = Math.max(peakMb, own);
    peakLabMb = Math.max(peakLabMb, lab);
    await Promise.race([ended, delay(SAMPLE_MS)]);
  }
  const wallS = (performance.now() - startedMs) / 1000;
  const { scenarios } = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as RunResult;
  await rm(out, { recursive: true });
  return [
    { name: 'tour, wall clock', value: wallS, unit: 's', target: '<= 120' },
    {
      name: 'tour, sum of its labs',
      value: scenarios.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
      unit: 's',
      target: '',
    },
    {
      name: 'tour, as expected',
      value: scenarios.filter(({ asExpected }) => asExpected).length,
      unit: `of ${scenarios.length}`,
      target: 'all',
    },
    { name: 'tour, resident in deadair itself (peak)', value: peakMb, unit: 'MB', target: '<= 600' },
    { name: "tour, resident in the labs' own programs (peak)", value: peakLabMb, unit: 'MB', target: '' },
  ];
}

/** Resident memory of deadair's processes (those that run Node), and of all other descendants. Shared pages count twice. */
async function residentMb(root: number): Promise<{ own: number; lab: number }> {
  const total = { own: 0, lab: 0 };
  const processes = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')),
  );
  const field = (status: string, name: string) =>
    new RegExp(`^${name}:\\s+(.*?)(?: kB)?$`, 'm').exec(status)?.[1] ?? '';
  const children = new Map<number, string[]>();
  for (const status of processes) {
    const parent = Number(field(status, 'PPid'));
    children.set(parent, [...(children.get(parent) ?? []), status]);
  }
  const add = (status: string) => {
    const isNode = field(status, 'Name') === 'node';
    total[isNode ? 'own' : 'lab'] += Number(field(status, 'VmRSS')) / KIB_PER_MB;
    for (const child of children.get(Number(field(status, 'Pid'))) ?? []) add(child);
  };
  for (const status of processes) if (Number(field(status, 'Pid')) === root) add(status);
  return total;
}
