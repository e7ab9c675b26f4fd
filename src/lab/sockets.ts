import { readFile, readdir, readlink } from 'node:fs/promises';
import type { StartedNode } from './runtime.js';

/** A socket that takes what comes: bound UDP, or listening TCP. */
export interface OpenSocket {
  protocol: 'udp' | 'tcp';
  /** Dotted IPv4; 0.0.0.0 for any. */
  address: string;
  port: number;
}

/** proc(5): state of a TCP socket that listens. */
const LISTENING = '0A';
/** Column of a socket's inode. */
const INODE = 9;

/** What the processes of a node take packets or connections with, over IPv4. What the harness opened there isn't theirs. */
export async function openSockets(node: StartedNode): Promise<OpenSocket[]> {
  const own = await socketsOf(await node.processes());
  const tables = await Promise.all(
    (['udp', 'tcp'] as const).map(async (protocol) => {
      const rows = (await readFile(`/proc/${node.pid}/net/${protocol}`, 'utf8')).trim().split('\n').slice(1);
      return rows.flatMap((row): OpenSocket[] => {
        const columns = row.trim().split(/\s+/);
        const [, local = '', , state] = columns;
        if (!own.has(columns[INODE] ?? '') || (protocol === 'tcp' && state !== LISTENING)) return [];
        const [address = '', port = ''] = local.split(':');
        return [{ protocol, address: dotted(address), port: Number.parseInt(port, 16) }];
      });
    }),
  );
  return tables.flat();
}

/** Inodes of all sockets that processes hold. */
async function socketsOf(pids: readonly number[]): Promise<ReadonlySet<string>> {
  const links = await Promise.all(
    pids.map(async (pid) => {
      const fds = await readdir(`/proc/${pid}/fd`).catch(() => [] as string[]);
      return await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    }),
  );
  return new Set(links.flat().flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** The kernel prints addresses in host order: 198.18.1.2 is 020112C6. */
const dotted = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .reverse()
    .map((octet) => Number.parseInt(octet, 16))
    .join('.');
