import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageFolder } from '../../base/package.js';
import { defaultJobs } from '../options.js';
import { fine, limited, missing, type Check } from './check.js';

export function checkNode(): Check {
  const { engines } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const least = engines.node.replace('>=', '');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return isEnough
    ? fine('Node', process.version)
    : missing('Node', process.version, `Install Node ${least} or newer.`);
}

export const checkPrivileges = (): Check =>
  process.getuid?.() === 0
    ? fine('privileges', 'root')
    : missing('privileges', 'not root', 'Labs make network namespaces: run deadair with sudo.');

/** Captures and recordings of the tour, with room for a day of work. */
const ROOMY_BYTES = 5e9;

export async function checkDisk(): Promise<Check> {
  const { bavail, bsize } = await statfs(process.cwd());
  const free = bavail * bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free in ${process.cwd()}`;
  return free >= ROOMY_BYTES
    ? fine('disk', found)
    : limited(
        'disk',
        found,
        'A run keeps some 10 MB a minute and lab: free some space, or use run --out elsewhere.',
      );
}

/** How late a thread that only sleeps may wake up: docs/measures.md §6 draws the line at 200 ms. */
const LATE_MS = 20;
const NAP_MS = 5;
const NAPS = 100;

/** Sleeps for half a second and sees how late it wakes up: what else runs here would make labs invalid. */
export async function checkCores(): Promise<Check> {
  let latestMs = 0;
  for (let nap = 0; nap < NAPS; nap++) {
    const before = performance.now();
    await delay(NAP_MS);
    latestMs = Math.max(latestMs, performance.now() - before - NAP_MS);
  }
  const count = cpus().length;
  const load = loadavg()[0] ?? 0;
  const found = `${count} cores, load ${load.toFixed(1)}, timers up to ${latestMs.toFixed(0)} ms late; ${defaultJobs()} labs at once`;
  return load <= count && latestMs <= LATE_MS
    ? fine('cores', found)
    : limited(
        'cores',
        found,
        'The machine is busy: wait until it is quiet, or run fewer labs at once with --jobs.',
      );
}
