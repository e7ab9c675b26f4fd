import { readFileSync, readlinkSync } from 'node:fs';

/** Labels on every container of deadair. Only what has them is ever removed. */
export const LABELS = {
  /** A random name of the run. */
  run: 'deadair.run',
  /** The process whose run it is, see ownerOf. */
  owner: 'deadair.owner',
  scenario: 'deadair.scenario',
  node: 'deadair.node',
} as const;

/** Names a process for good: boot, pid namespace, pid and start time; null if there is none with that pid. */
export function ownerOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const pids = readlinkSync('/proc/self/ns/pid');
    // The name of the program, in brackets, may hold anything; the start is the 20th field after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [boot, pids, pid, fields[19]].join(' ');
  } catch {
    return null;
  }
}

/**
 * True if the process that an owner label names is surely no more. One in another pid namespace (deadair in a
 * container, say) can't be seen from here and may live.
 */
export function ownerIsGone(owner: string): boolean {
  const [boot, pids, pid] = owner.split(' ');
  const [ownBoot, ownPids] = ownerOf(process.pid)?.split(' ') ?? [];
  if (!pid || ownBoot === undefined) return false;
  if (boot !== ownBoot) return true;
  return pids === ownPids && ownerOf(Number(pid)) !== owner;
}
