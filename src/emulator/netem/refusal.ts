import type { Emulator } from '../contract.js';
import { type DirectionCounters, clearDirection } from '../contract.js';
import { startWire } from '../wire.js';
import { handOver } from './lane.js';
import type { MiddleNamespace } from './namespace.js';

/** The ports of a link, and the TAPs at which frames from each are refused. */
export interface RefusalDevices {
  link: string;
  a: { port: string; tap: string };
  b: { port: string; tap: string };
}

/**
 * Refuses what a `reject` sends to it. tc has no way to answer, and nftables, which has, lacks it in many kernels: so
 * the frames go to a TAP of the wire emulator's, whose answers leave by the port at which the frames came in. It is
 * started when the first link needs it.
 */
export class Refusals implements AsyncDisposable {
  private wire: Promise<Emulator> | undefined;
  private readonly links = new Set<string>();

  constructor(
    private readonly space: MiddleNamespace,
    private readonly onFailure: (error: Error) => void,
  ) {}

  /** Makes the TAPs of a link, once. */
  async open({ link, a, b }: RefusalDevices): Promise<void> {
    if (this.links.has(link)) return;
    this.wire ??= this.start();
    const wire = await this.wire;
    const end = (tap: string, mac: string) => ({ netnsPath: this.space.netnsPath, interface: tap, mac });
    await wire.connect({
      name: link,
      a: end(a.tap, '02:00:00:00:00:01'),
      b: end(b.tap, '02:00:00:00:00:02'),
    });
    const refuse = { ...clearDirection, cut: 'reject' as const };
    await wire.set(link, { aToB: refuse, bToA: refuse });
    await this.space.ip([a, b].map(({ tap }) => `link set dev ${tap} up`));
    await this.space.tc(
      [a, b].flatMap(({ tap, port }) => [`qdisc add dev ${tap} clsact`, handOver(tap, port)]),
    );
    this.links.add(link);
  }

  /** Frames refused of each direction; null for a link that never refused. */
  async counts(link: string): Promise<{ aToB: DirectionCounters; bToA: DirectionCounters } | null> {
    if (!this.wire || !this.links.has(link)) return null;
    return await (await this.wire).counters(link);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const wire = await this.wire?.catch(() => undefined);
    await wire?.[Symbol.asyncDispose]();
  }

  private async start(): Promise<Emulator> {
    const wire = await startWire({ seed: 0 });
    wire.onFailure(this.onFailure);
    return wire;
  }
}
