import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { withLimit } from '../base/limit.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { Readiness } from '../plan/planned-node.js';
import type { StartedNode, StartedProgram } from './runtime.js';
import { optionsRequest } from './sip-request.js';

const POLL_MS = 20;
/** How long a program may take until it is ready. */
const READY_LIMIT_MS = 15_000;
/** By default Docker asks an image's health check every 30 s, and gives it three tries. */
const HEALTHY_LIMIT_MS = 120_000;
/** What an image without a health check must live for (own). */
const RUNS_ON_MS = 1000;

/**
 * Polls a condition of a program until it holds.
 * @throws NODE_NOT_READY with the last log lines if the program ends first or `limitMs` passes; CONTAINER_ENDED if it was
 * the image's own program that ended
 */
export async function waitUntil(
  what: string,
  limitMs: number,
  program: StartedProgram,
  condition: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    const late = performance.now() > deadline;
    if (!late && program.running) {
      await delay(POLL_MS);
      continue;
    }
    const why = late ? `not so within ${limitMs} ms` : `${program.name} ended${await howItEnded(program)}`;
    const code = !late && program.isContainer ? 'CONTAINER_ENDED' : 'NODE_NOT_READY';
    throw new DeadairError(code, `${what}: ${why}. Its last log lines:\n${await program.lastLogLines()}`, {
      exitCode: ExitCode.labFailed,
      fix: 'The whole log is in the run folder under logs/.',
    });
  }
}

async function howItEnded({ ended }: StartedProgram): Promise<string> {
  const { exitCode, signal } = await ended;
  return exitCode === null ? (signal === null ? '' : ` by ${signal}`) : ` with ${exitCode}`;
}

/**
 * Waits until a program of a node answers as its plan says.
 * @param taken what `portHolders` told before the program was started: that is not the program's
 * @throws NODE_NOT_READY, CONTAINER_ENDED, PORT_TAKEN (exit 3)
 */
export async function waitUntilReady(
  node: StartedNode,
  program: StartedProgram,
  ready: Readiness,
  taken: ReadonlySet<string> = new Set(),
): Promise<void> {
  try {
    await waitForAnswer(node, program, ready, taken);
  } catch (error) {
    if (program.running || taken.size === 0 || !('port' in ready)) throw error;
    throw portTaken(node, program, ready.port, error);
  }
}

async function waitForAnswer(
  node: StartedNode,
  program: StartedProgram,
  ready: Readiness,
  taken: ReadonlySet<string>,
): Promise<void> {
  const what = `${program.name} on ${node.name} is ready (${ready.kind})`;
  const wait = (condition: () => Promise<boolean>) => waitUntil(what, READY_LIMIT_MS, program, condition);
  switch (ready.kind) {
    case 'exits':
      return waitForExit(node, program);
    case 'udp-bound':
    case 'tcp-bound':
      return wait(async () => [...(await portHolders(node, ready))].some((socket) => !taken.has(socket)));
    case 'healthy': {
      const startedMs = performance.now();
      return waitUntil(what, HEALTHY_LIMIT_MS, program, async () =>
        isWell(await node.health?.(), performance.now() - startedMs),
      );
    }
    case 'command': {
      const pattern = new RegExp(ready.matches, 'm');
      return wait(async () => pattern.test(await node.run(ready.command).catch(() => '')));
    }
    case 'sip-options': {
      using socket = NamespaceUdpSocket.open(node.netnsPath, ready.address, 0);
      return await wait(() => Promise.resolve(optionsAnswered(socket, ready.address, ready.port)));
    }
  }
}

async function waitForExit(node: StartedNode, program: StartedProgram): Promise<void> {
  const { exitCode } = await withLimit(`${program.name} on ${node.name} ends`, READY_LIMIT_MS, program.ended);
  if (exitCode === 0) return;
  throw new DeadairError(
    'NODE_NOT_READY',
    `${program.name} on ${node.name} failed with ${exitCode}:\n${await program.lastLogLines()}`,
    { exitCode: ExitCode.labFailed },
  );
}

/** True if a UDP socket of the node is bound to the port, on the address (null: on any). */
export const isUdpPortBound = async (
  node: StartedNode,
  address: string | null,
  port: number,
): Promise<boolean> => (await boundSockets(node, ['udp'], address, port)).length > 0;

/** Inodes of the node's sockets that have the port which a program waits for; none if it waits for no port. */
export async function portHolders(node: StartedNode, ready: Readiness): Promise<ReadonlySet<string>> {
  switch (ready.kind) {
    case 'udp-bound':
      return new Set(await boundSockets(node, ['udp', 'udp6'], null, ready.port));
    case 'tcp-bound':
      return new Set(await boundSockets(node, ['tcp', 'tcp6'], null, ready.port));
    case 'sip-options':
      return new Set(await boundSockets(node, ['udp'], ready.address, ready.port));
    default:
      return new Set();
  }
}

/** proc(5): columns of a socket, and the state of a TCP socket that listens. */
const [LOCAL, STATE, INODE, LISTENING] = [1, 3, 9, '0A'] as const;

/** Inodes of UDP sockets bound to a port, or TCP sockets that listen on it; on one IPv4 address or (null) on any. */
async function boundSockets(
  { pid }: StartedNode,
  tables: readonly ('udp' | 'udp6' | 'tcp' | 'tcp6')[],
  address: string | null,
  port: number,
): Promise<string[]> {
  // The kernel prints addresses in host order: 198.18.1.2 is 020112C6.
  const octets = address?.split('.').reverse() ?? [];
  const bound = [...octets.map((octet) => hex(Number(octet), 2)), ':', hex(port, 4)].join('');
  const rows = await Promise.all(
    tables.map(async (table) => {
      const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
      const columns = text.split('\n').map((line) => line.trim().split(/\s+/));
      return columns.filter((row) => table.startsWith('udp') || row[STATE] === LISTENING);
    }),
  );
  return rows.flat().flatMap((row) => (row[LOCAL]?.endsWith(bound) ? (row[INODE] ?? []) : []));
}

const portTaken = (node: StartedNode, program: StartedProgram, port: number, cause: unknown) =>
  new DeadairError(
    'PORT_TAKEN',
    `${program.name} on ${node.name} ended: another program of the node had port ${port} before. ${messageOf(cause)}`,
    {
      exitCode: ExitCode.labFailed,
      fix: `Give one of them another port, in its config and under "ready" in lab.yaml, or leave one out.`,
      cause,
    },
  );

/** An image without a health check is well if it runs on: many that end do so at once. */
const isWell = (health: 'starting' | 'healthy' | 'unhealthy' | null | undefined, forMs: number) =>
  health === 'healthy' || ((health === null || health === undefined) && forMs >= RUNS_ON_MS);

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

/** Sends one more OPTIONS and looks for an answer to any sent so far. */
function optionsAnswered(socket: NamespaceUdpSocket, address: string, port: number): boolean {
  const answer = socket.receive();
  if (answer?.data.toString('latin1').startsWith('SIP/2.0 200')) return true;
  const local = `${socket.address}:${socket.port}`;
  socket.send(optionsRequest('readiness', local, `${address}:${port}`), address, port);
  return false;
}
