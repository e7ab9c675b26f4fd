import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { release } from 'node:os';
import { netemAvailable, startNetem } from '../../src/emulator/netem.js';
import { netemLimit } from '../../src/emulator/netem/arguments.js';
import { delayed, impaired } from '../fixtures/impairments.js';
import type { ScratchNamespace } from '../integration/scratch-namespace.js';
import type { Observed } from './netem-outcome.js';
import type { Stand } from './netem-stand.js';

/** What netem does with what is its own, and with what isn't. */
export const ownership: Record<string, (stand: Stand) => Promise<Observed>> = {
  meddling,
  takenName,
  disposal,
  crash,
  availability,
};

/** Somebody else changes a qdisc of ours: the next order must notice. */
async function meddling(stand: Stand): Promise<Observed> {
  const children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8')
    .trim()
    .split(' ');
  const inside = (pid: string, ...command: string[]) =>
    execFileSync('nsenter', ['--net', '--target', pid, ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
  const middle = children.find((pid) => {
    try {
      return inside(pid, 'ip', 'link', 'show', 'l0a0s0i').length > 0;
    } catch {
      return false;
    }
  });
  if (middle === undefined) throw new Error('no namespace with lanes');
  const code = (order: Promise<void>) =>
    order.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  const change = (ms: number) => {
    const limit = String(netemLimit(impaired(delayed(10))));
    inside(
      middle,
      'tc',
      'qdisc',
      'change',
      'dev',
      'l0a0s0i',
      'root',
      'netem',
      'limit',
      limit,
      'delay',
      `${ms}ms`,
    );
  };
  const before = await code(stand.set({ otherwise: impaired(delayed(10)) }));
  change(11);
  const after = await code(stand.set({ otherwise: impaired(delayed(10)) }));
  change(10);
  const mended = await code(stand.set({}));
  return { before, after, mended };
}

/** A link whose second interface can't be made: the first one must not be left. */
async function takenName(stand: Stand): Promise<Observed> {
  const end = (space: ScratchNamespace, name: string) => ({
    netnsPath: space.netnsPath,
    interface: name,
    mac: '02:00:00:00:00:0c',
  });
  const code = await stand.emulator
    .connect({ name: 'taken', a: end(stand.left, 'eth9'), b: end(stand.right, 'eth0') })
    .then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  return { code, left: interfaces(stand.left), right: interfaces(stand.right) };
}

async function disposal(stand: Stand): Promise<Observed> {
  const emulator = await startNetem({ seed: 4 });
  const end = (space: ScratchNamespace) => ({
    netnsPath: space.netnsPath,
    interface: 'eth9',
    mac: '02:00:00:00:00:0c',
  });
  await emulator.connect({ name: 'other', a: end(stand.left), b: end(stand.right) });
  const during = interfaces(stand.left);
  await emulator[Symbol.asyncDispose]();
  return { during, after: interfaces(stand.left) };
}

/** The process that holds a netem is killed: its interfaces must go with it. */
async function crash(stand: Stand): Promise<Observed> {
  const script = fileURLToPath(new URL('netem-host.js', import.meta.url));
  const child = spawn(process.execPath, [script, stand.left.netnsPath, stand.right.netnsPath], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const during = interfaces(stand.left);
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (let tries = 0; tries < 200 && interfaces(stand.left).includes('eth9'); tries++) await delay(20);
  return { during, after: interfaces(stand.left) };
}

/** What the kernel says of netem when it's tried, and how old it is. */
async function availability(): Promise<Observed> {
  const found = await netemAvailable();
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return { ok: found.ok, seeds: found.ok && found.seeds, isOld: major < 6 || (major === 6 && minor < 6) };
}

/** Of the first link, and of the one that is made here. */
const interfaces = (space: ScratchNamespace) =>
  [...space.run('ip', '-o', 'link').matchAll(/^\d+: (eth[09])@/gm)].map(([, name]) => name);
