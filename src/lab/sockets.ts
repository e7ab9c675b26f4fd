import { readFile } from 'node:fs/promises';
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

/** What in a node takes packets or connections over IPv4 by now. */
export async function openSockets(node: StartedNode): Promise<OpenSocket[]> {
  const tables = await Promise.all(
    (['udp', 'tcp'] as const).map(async (protocol) => {
      const rows = (await readFile(`/proc/${node.pid}/net/${protocol}`, 'utf8')).trim().split('\n').slice(1);
      return rows.flatMap((row): OpenSocket[] => {
        const [, local = '', , state] = row.trim().split(/\s+/);
        if (protocol === 'tcp' && state !== LISTENING) return [];
        const [address = '', port = ''] = local.split(':');
        return [{ protocol, address: dotted(address), port: Number.parseInt(port, 16) }];
      });
    }),
  );
  return tables.flat();
}

/** The kernel prints addresses in host order: 198.18.1.2 is 020112C6. */
const dotted = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .reverse()
    .map((octet) => Number.parseInt(octet, 16))
    .join('.');
