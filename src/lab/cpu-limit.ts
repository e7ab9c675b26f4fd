import { spawn } from 'node:child_process';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { CgroupHomes, type CgroupTree } from './cgroup-homes.js';

/** The kernel hands out processor time a period at a time. */
export const CPU_PERIOD_MS = 100;
const ROUNDS = 20;

/** What a limited group of processes used since the limit began. */
export interface CpuUsage {
  usedMs: number;
  /** Periods in which it had to wait because its time was used up. */
  throttled: number;
}

export interface CpuLimit {
  usage(): Promise<CpuUsage>;
  /** Puts the processes back where they were, and takes the group away. */
  lift(): Promise<void>;
  /** What the kernel says that the limit is, as a share of one processor. */
  readBack(): Promise<number>;
}

/** Where groups are made: cgroup v1 has a tree for limits and one for what was used. */
interface Trees {
  version: 1 | 2;
  limit: CgroupTree;
  usage: CgroupTree;
}

/**
 * Limits what a set of processes, and all that they start, get of one processor, by a cgroup of its own.
 * @param processes asked until no new one turns up
 * @throws CPU_LIMIT_UNAVAILABLE (exit 3) where there is no CPU controller that this process may use
 */
export async function limitCpu(
  name: string,
  share: number,
  processes: () => Promise<number[]>,
): Promise<CpuLimit> {
  const trees = await findTrees(name);
  const isOne = trees.limit.path === trees.usage.path;
  const parts = (isOne ? [trees.limit] : [trees.limit, trees.usage]).map((tree) => ({
    group: join(tree.path, name),
    homes: new CgroupHomes(tree),
  }));
  const groups = parts.map(({ group }) => group);
  const [limitGroup = '', usageGroup = limitGroup] = groups;
  const keeper = startKeeper(groups);
  try {
    for (const group of groups) await mkdir(group);
    const quotaUs = Math.round(share * CPU_PERIOD_MS * 1000);
    if (trees.version === 2)
      await writeFile(join(limitGroup, 'cpu.max'), `${quotaUs} ${CPU_PERIOD_MS * 1000}`);
    else {
      await writeFile(join(limitGroup, 'cpu.cfs_period_us'), String(CPU_PERIOD_MS * 1000));
      await writeFile(join(limitGroup, 'cpu.cfs_quota_us'), String(quotaUs));
    }
    await moveAll(processes, async (pid) => {
      for (const { group, homes } of parts) {
        await homes.remember(pid);
        await moveTo(group, pid);
      }
    });
  } catch (error) {
    keeper.stdin.end();
    throw unavailable(name, messageOf(error));
  }
  return {
    usage: async () => {
      const stat = await readFile(join(limitGroup, 'cpu.stat'), 'utf8');
      const figure = (key: string) => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(stat)?.[1] ?? NaN);
      const usedMs =
        trees.version === 2
          ? figure('usage_usec') / 1e3
          : Number(await readFile(join(usageGroup, 'cpuacct.usage'), 'utf8')) / 1e6;
      return { usedMs, throttled: figure('nr_throttled') };
    },
    readBack: async () => {
      if (trees.version === 1)
        return Number(await readFile(join(limitGroup, 'cpu.cfs_quota_us'), 'utf8')) / (CPU_PERIOD_MS * 1000);
      const [quota, period] = (await readFile(join(limitGroup, 'cpu.max'), 'utf8')).split(' ').map(Number);
      return (quota ?? NaN) / (period ?? NaN);
    },
    lift: async () => {
      for (const { group, homes } of parts) {
        await moveAll(
          () => membersOf(group),
          async (pid) => moveTo(await homes.of(pid), pid),
        );
        await rmdir(group);
      }
      keeper.stdin.end();
    },
  };
}

/** A process that starts another while it is being moved may leave that behind, so this is done until all are there. */
async function moveAll(
  processes: () => Promise<number[]>,
  move: (pid: number) => Promise<void>,
): Promise<void> {
  const moved = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const left = (await processes()).filter((pid) => !moved.has(pid));
    if (left.length === 0) return;
    for (const pid of left) {
      moved.add(pid);
      await move(pid);
    }
  }
}

/** It may have ended in the meantime. */
const moveTo = (group: string, pid: number): Promise<void> =>
  writeFile(join(group, 'cgroup.procs'), String(pid)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ESRCH') throw error;
  });

const membersOf = async (group: string): Promise<number[]> =>
  (await readFile(join(group, 'cgroup.procs'), 'utf8')).split('\n').filter(Boolean).map(Number);

/** Takes the groups away when the harness ends without having done so: they would outlive it, empty. */
function startKeeper(groups: readonly string[]) {
  const script =
    'while read -r x; do :; done; for i in 1 2 3 4 5 6 7 8 9 10; do rmdir "$@" 2>/dev/null; for g in "$@"; do [ -d "$g" ] && sleep 0.2 && continue 2; done; exit; done';
  const keeper = spawn('sh', ['-c', script, 'sh', ...groups], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.unref();
  return keeper;
}

async function findTrees(name: string): Promise<Trees> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [type = '', , options = ''] = after.split(' ');
    const [, , , root, path] = before.split(' ');
    return root === undefined || path === undefined
      ? []
      : [{ path, root, type, options: options.split(',') }];
  });
  const v1 = (controller: string): CgroupTree | undefined => {
    const found = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    return found && { path: found.path, root: found.root, controller };
  };
  const [limit, usage] = [v1('cpu'), v1('cpuacct')];
  if (limit !== undefined && usage !== undefined) return { version: 1, limit, usage };
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  if (unified === undefined) throw unavailable(name, 'no cgroup file system is mounted');
  try {
    await writeFile(join(unified.path, 'cgroup.subtree_control'), '+cpu');
  } catch (error) {
    throw unavailable(name, messageOf(error));
  }
  const tree = { path: unified.path, root: unified.root, controller: '' };
  return { version: 2, limit: tree, usage: tree };
}

const unavailable = (name: string, why: string) =>
  new DeadairError('CPU_LIMIT_UNAVAILABLE', `${name}: its processor time can't be limited: ${why}.`, {
    exitCode: ExitCode.labFailed,
    fix: 'A fault "starve" needs root and a cgroup CPU controller (v1 or v2) that may be written to.',
  });
