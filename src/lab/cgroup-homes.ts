import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The tree of cgroups in which a controller is. */
export interface CgroupTree {
  /** Where it is mounted, and which of its groups is seen there. */
  path: string;
  root: string;
  /** As /proc/PID/cgroup names it: `cpu`, `cpuacct`; empty for version 2. */
  controller: string;
}

/** Remembers of processes in which group of a tree they are, so that they can be put back. */
export class CgroupHomes {
  private readonly homes = new Map<number, string>();

  constructor(private readonly tree: CgroupTree) {}

  /** To be called before a process is moved. One that has ended has no home. */
  async remember(pid: number): Promise<void> {
    const text = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const [, controllers, group] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (group !== undefined && controllers?.split(',').includes(this.tree.controller))
        this.homes.set(pid, this.folderOf(group));
    }
  }

  /** The folder of the group in which a process was; of one that was started since then, that of who started it. */
  async of(pid: number): Promise<string> {
    for (let one = pid; one > 0; one = await parentOf(one)) {
      const home = this.homes.get(one);
      if (home !== undefined) return home;
    }
    return this.homes.values().next().value ?? this.tree.path;
  }

  /** A group that can't be seen from here is out of reach as well: then it is the nearest, the one that is mounted. */
  private folderOf(group: string): string {
    const { path, root } = this.tree;
    const isInside = root === '/' || group === root || group.startsWith(`${root}/`);
    if (!isInside || group.startsWith('/..')) return path;
    return join(path, root === '/' ? group : group.slice(root.length));
  }
}

/** 0 for the first process of all, and for one that is no more. */
async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
}
