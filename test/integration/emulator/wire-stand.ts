import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { PollSet } from '../../../src/base/linux/poll-set.js';
import { NamespaceUdpSocket } from '../../../src/base/linux/udp-socket.js';
import type { Emulator } from '../../../src/emulator/contract.js';
import { startWire } from '../../../src/emulator/wire.js';
import { connectAddressed } from '../../conformance/links.js';
import { type ScratchNamespace, startScratchNamespace } from '../scratch-namespace.js';

/** Name of the stand's link. */
export const LINK = 'link-0';

/** Two namespaces joined by one link of wire, which writes a decision log, and a socket in each. */
export interface WireStand extends AsyncDisposable {
  left: ScratchNamespace;
  right: ScratchNamespace;
  wire: Emulator;
  /** 198.18.0.1:4000 */
  a: NamespaceUdpSocket;
  /** 198.18.0.2:4001 */
  b: NamespaceUdpSocket;
  log: string;
}

export async function startWireStand(seed: number): Promise<WireStand> {
  const folder = await mkdtemp(join(tmpdir(), 'wire-'));
  const log = join(folder, 'decisions');
  const left = await startScratchNamespace();
  const right = await startScratchNamespace();
  const wire = await startWire({ seed });
  await connectAddressed(wire, 0, left, right, log);
  const a = NamespaceUdpSocket.open(left.netnsPath, '198.18.0.1', 4000);
  const b = NamespaceUdpSocket.open(right.netnsPath, '198.18.0.2', 4001);
  return {
    left,
    right,
    wire,
    a,
    b,
    log,
    async [Symbol.asyncDispose]() {
      a.close();
      b.close();
      await wire[Symbol.asyncDispose]();
      await left[Symbol.asyncDispose]();
      await right[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const PATIENCE_MS = 1000;
const END = 'end';

/** What arrives: until an end mark that is sent last does, and `expected` messages have. */
export function send({ a: from, b: to }: WireStand, payloads: (string | Buffer)[], expected = 0) {
  const polled = new PollSet();
  polled.add(to.fd);
  const sentMs = monotonicMs();
  for (const payload of payloads) from.send(Buffer.from(payload), to.address, to.port);
  from.send(Buffer.from(END), to.address, to.port);
  const arrived: { first: string; tookMs: number }[] = [];
  for (let ended = false; !ended || arrived.length < expected;) {
    if (polled.wait(PATIENCE_MS) === 0) break;
    const got = to.receive()?.data.toString('latin1');
    if (got === END) ended = true;
    else if (got) arrived.push({ first: got.split('\r\n')[0]!, tookMs: monotonicMs() - sentMs });
  }
  return arrived;
}
