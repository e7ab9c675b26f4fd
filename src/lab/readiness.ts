import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { DeadairError, ExitCode } from '../base/errors.js';
import { withLimit } from '../base/limit.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { Readiness } from '../plan/types.js';
import type { StartedNode, StartedProgram } from './runtime.js';

const POLL_MS = 20;
/** How long a program may take until it is ready. */
const READY_LIMIT_MS = 15_000;
/** By default Docker asks an image's health check every 30 s, and gives it three tries. */
const HEALTHY_LIMIT_MS = 120_000;

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

/** Waits until a program of a node answers as its plan says. */
export async function waitUntilReady(
  node: StartedNode,
  program: StartedProgram,
  ready: Readiness,
): Promise<void> {
  const what = `${program.name} on ${node.name} is ready (${ready.kind})`;
  const wait = (condition: () => Promise<boolean>) => waitUntil(what, READY_LIMIT_MS, program, condition);
  switch (ready.kind) {
    case 'exits':
      return waitForExit(node, program);
    case 'udp-bound':
      return wait(() => isUdpPortBound(node, null, ready.port));
    case 'tcp-bound':
      return wait(() => isTcpPortListening(node, ready.port));
    case 'healthy':
      return waitUntil(what, HEALTHY_LIMIT_MS, program, async () => isWell(await node.health?.()));
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
export async function isUdpPortBound(
  node: StartedNode,
  address: string | null,
  port: number,
): Promise<boolean> {
  const table = await readFile(`/proc/${node.pid}/net/udp`, 'utf8');
  // The kernel prints addresses in host order: 198.18.1.2 is 020112C6.
  const octets = address?.split('.').reverse() ?? [];
  const bound = [...octets.map((octet) => hex(Number(octet), 2)), ':', hex(port, 4)].join('');
  return table.split('\n').some((line) => line.trim().split(/\s+/)[1]?.endsWith(bound));
}

/** True if a TCP socket of the node listens on the port, on any address of either family. */
async function isTcpPortListening(node: StartedNode, port: number): Promise<boolean> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${node.pid}/net/${table}`, 'utf8').catch(() => '')),
  );
  const listening = new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex(port, 4)} [0-9A-F]+:0000 0A `, 'm');
  return tables.some((table) => listening.test(table));
}

/** An image without a health check is well as long as it runs. */
const isWell = (health: 'starting' | 'healthy' | 'unhealthy' | null | undefined) =>
  health === 'healthy' || health === null || health === undefined;

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

/** Sends one more OPTIONS and looks for an answer to any sent so far. */
function optionsAnswered(socket: NamespaceUdpSocket, address: string, port: number): boolean {
  const answer = socket.receive();
  if (answer?.data.toString('latin1').startsWith('SIP/2.0 200')) return true;
  const local = `${socket.address}:${socket.port}`;
  const request = [
    `OPTIONS sip:${address}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};branch=z9hG4bK${randomUUID()};rport`,
    'Max-Forwards: 70',
    `From: <sip:readiness@${local}>;tag=${randomUUID()}`,
    `To: <sip:${address}:${port}>`,
    `Call-ID: ${randomUUID()}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
  socket.send(Buffer.from(request), address, port);
  return false;
}
