import { open, readFile, readdir, readlink } from 'node:fs/promises';

/** Identity of a process's pid namespace, such as `pid:[4026532201]`; null if there is no such process. */
export const pidNamespaceOf = (pid: number): Promise<string | null> =>
  readlink(`/proc/${pid}/ns/pid`).catch(() => null);

/** Processes of a pid namespace, as the host numbers them, its first one included. Empty once it has ended. */
export async function processesIn(pidNamespace: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const inside = await Promise.all(
    pids.map(async (pid) => (await pidNamespaceOf(pid)) === pidNamespace && (await stateOf(pid)) !== 'Z'),
  );
  return pids.filter((_, index) => inside[index]);
}

/**
 * Processes of a process's pid namespace, itself included; none once it has ended. The namespace is held meanwhile: its
 * identity is its inode, which the kernel gives to another one as soon as it's free.
 */
export async function processesBeside(pid: number): Promise<number[]> {
  const held = await open(`/proc/${pid}/ns/pid`).catch(() => null);
  if (held === null) return [];
  try {
    return await processesIn(`pid:[${(await held.stat()).ino}]`);
  } finally {
    await held.close();
  }
}

/** A process and all that it started, as far as they are still its descendants. */
export async function withDescendants(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  return [pid, ...(await Promise.all(children.map(withDescendants))).flat()];
}

/** Children of all threads of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [] as string[]);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** The letter of proc(5): `R`, `S`, `T` for stopped, `Z` …; null if there is no such process. */
export async function stateOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name may hold anything, parentheses too.
  return text === null ? null : (text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3) ?? null);
}
