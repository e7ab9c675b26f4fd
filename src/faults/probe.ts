import { setTimeout as delay } from 'node:timers/promises';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import { monotonicMs } from '../base/linux/clock.js';
import { SystemCallError } from '../base/linux/libc.js';
import type { StartedLab } from '../lab/lab.js';
import type { Plan, PlannedLink } from '../plan/types.js';
import type { ProbeSeries } from '../runfolder/journal.js';

const MAGIC = 'deadair-probe';
const PACKET_BYTES = MAGIC.length + 12;
const POLL_MS = 2;

export interface ProbeOptions {
  count: number;
  spacingMs: number;
  /** How long after the last probe an arrival is awaited. */
  graceMs: number;
}

/** A host with an address on one side of a link. */
interface Side {
  node: string;
  address: string;
}

/**
 * Sends UDP packets of the lab's own across a link, both ways at once, and counts what arrives.
 * A switch has no address: then the probe goes to or from another host on it.
 */
export async function probeLink(
  plan: Plan,
  lab: StartedLab,
  link: PlannedLink,
  options: ProbeOptions,
): Promise<ProbeSeries[]> {
  const a = sideOf(plan, link, link.a.node);
  const b = sideOf(plan, link, link.b.node);
  if (!a || !b) return [];
  using socketA = NamespaceUdpSocket.open(lab.node(a.node).netnsPath, a.address, 0);
  using socketB = NamespaceUdpSocket.open(lab.node(b.node).netnsPath, b.address, 0);
  const directions = [
    new Direction(socketA, socketB, link.a.node),
    new Direction(socketB, socketA, link.b.node),
  ];
  for (let n = 0; n < options.count; n++) {
    for (const direction of directions) direction.sendOne(n);
    const nextMs = monotonicMs() + options.spacingMs;
    do {
      await delay(POLL_MS);
      for (const direction of directions) direction.collect();
    } while (monotonicMs() < nextMs);
  }
  const endMs = monotonicMs() + options.graceMs;
  while (monotonicMs() < endMs && directions.some((direction) => direction.missing > 0)) {
    await delay(POLL_MS);
    for (const direction of directions) direction.collect();
  }
  return directions.map((direction) => direction.series(link.name));
}

function sideOf(plan: Plan, link: PlannedLink, name: string): Side | null {
  const { nodes, links } = plan.lab;
  const end = nodes.find((node) => node.name === name);
  const own = end?.interfaces.find((iface) => iface.link === link.name)?.address;
  if (own) return { node: name, address: own };
  // A switch: any other host plugged into it.
  for (const other of links) {
    if (other === link || (other.a.node !== name && other.b.node !== name)) continue;
    const host = nodes.find((node) => node.name === (other.a.node === name ? other.b.node : other.a.node));
    const address = host?.interfaces.find((iface) => iface.link === other.name)?.address;
    if (host && address) return { node: host.name, address };
  }
  return null;
}

class Direction {
  private readonly delaysMs: number[] = [];
  private sent = 0;

  constructor(
    private readonly sender: NamespaceUdpSocket,
    private readonly receiver: NamespaceUdpSocket,
    private readonly from: string,
  ) {}

  get missing(): number {
    return this.sent - this.delaysMs.length;
  }

  sendOne(n: number): void {
    const packet = Buffer.alloc(PACKET_BYTES);
    packet.write(MAGIC, 'latin1');
    packet.writeUInt32BE(n, MAGIC.length);
    packet.writeDoubleBE(monotonicMs(), MAGIC.length + 4);
    this.sent++;
    const { address, port } = this.receiver;
    try {
      this.sender.send(packet, address, port);
    } catch (error) {
      // One that the kernel refuses (no carrier, no route) is a probe that didn't arrive.
      if (!(error instanceof SystemCallError)) throw error;
    }
  }

  collect(): void {
    for (let got = this.receiver.receive(); got; got = this.receiver.receive()) {
      if (got.data.length !== PACKET_BYTES || got.data.toString('latin1', 0, MAGIC.length) !== MAGIC)
        continue;
      this.delaysMs.push(monotonicMs() - got.data.readDoubleBE(MAGIC.length + 4));
    }
  }

  series(link: string): ProbeSeries {
    const sorted = this.delaysMs.sort((x, y) => x - y);
    return {
      link,
      from: this.from,
      sent: this.sent,
      received: sorted.length,
      delayMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    };
  }
}
