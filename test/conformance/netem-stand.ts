import {
  type DirectionState,
  type Emulator,
  type LinkCounters,
  type LinkState,
  clearDirection,
  clearLink,
} from '../../src/emulator/contract.js';
import { type ScratchNamespace, startScratchNamespace } from '../integration/scratch-namespace.js';
import type { ConformanceCase } from './cases.js';
import type { PacketRecord } from './checks.js';
import { type Stall, stallsOf } from './netem-stalls.js';
import { type TrafficEnd, exchange, exchangeAll } from './traffic.js';

/** The third octet of the bare cable's addresses. */
const BARE = 255;
/** Between its packets. Closer together they would keep User-Mode Linux busy, and Linux stops a process that runs ahead of others and never sleeps. */
const BARE_GAP_MS = 2;

export type Traffic = ConformanceCase['traffic'];

/** Two hosts joined by some links of an emulator, and a bare cable. What has no number is about the first link. */
export class Stand implements AsyncDisposable {
  private constructor(
    readonly emulator: Emulator,
    readonly left: ScratchNamespace,
    readonly right: ScratchNamespace,
  ) {}

  /** @param emulator disposed of with the stand */
  static async start(emulator: Emulator, links: number): Promise<Stand> {
    const stand = new Stand(emulator, await startScratchNamespace(), await startScratchNamespace());
    for (let link = 0; link < links; link++) await stand.connect(link);
    stand.addBareCable();
    return stand;
  }

  from(port = 4000, link = 0): TrafficEnd {
    return { netnsPath: this.left.netnsPath, address: `198.18.${link}.1`, port };
  }

  to(port = 4001, link = 0): TrafficEnd {
    return { netnsPath: this.right.netnsPath, address: `198.18.${link}.2`, port };
  }

  /** Sets left to right; the way back is clear. */
  async set(change: Partial<DirectionState>, link = 0): Promise<void> {
    await this.setLink({ ...clearLink, aToB: { ...clearDirection, ...change } }, link);
  }

  async setLink(state: LinkState, link = 0): Promise<void> {
    await this.emulator.set(nameOf(link), state);
  }

  counters(): Promise<LinkCounters> {
    return this.emulator.counters(nameOf(0));
  }

  exchange(traffic: Traffic, fromPort: number, toPort: number): PacketRecord[] {
    return exchange({ ...traffic, from: this.from(fromPort), to: this.to(toPort) });
  }

  /**
   * Sends the traffic of all cases at once, each over a link of its own, from left to right, and packets over the bare
   * cable. Where that was late, the machine stood still.
   */
  async measure(cases: readonly ConformanceCase[]): Promise<{ records: PacketRecord[][]; stalls: Stall[] }> {
    for (const [link, { impairment }] of cases.entries()) await this.set({ otherwise: impairment }, link);
    const lengths = cases.map(({ traffic }) => traffic.count * traffic.gapMs + traffic.settleMs);
    const beside = {
      count: Math.ceil(Math.max(...lengths) / BARE_GAP_MS),
      gapMs: BARE_GAP_MS,
      frameBytes: 60,
      settleMs: 10,
    };
    const [bare = [], ...records] = exchangeAll([
      { ...beside, from: this.from(0, BARE), to: this.to(0, BARE) },
      ...cases.map(({ traffic }, link) => ({ ...traffic, from: this.from(0, link), to: this.to(0, link) })),
    ]);
    return { records, stalls: stallsOf(bare, beside.gapMs) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator[Symbol.asyncDispose]();
    await this.left[Symbol.asyncDispose]();
    await this.right[Symbol.asyncDispose]();
  }

  private async connect(link: number): Promise<void> {
    const device = `eth${link}`;
    const macs = [`02:00:00:00:0${link}:01`, `02:00:00:00:0${link}:02`] as const;
    await this.emulator.connect({
      name: nameOf(link),
      a: { netnsPath: this.left.netnsPath, interface: device, mac: macs[0] },
      b: { netnsPath: this.right.netnsPath, interface: device, mac: macs[1] },
    });
    this.address(device, link);
    // No ARP where frames are counted.
    for (const [space, peer, mac] of [
      [this.left, this.to(0, link), macs[1]],
      [this.right, this.from(0, link), macs[0]],
    ] as const)
      knowNeighbour(space, peer.address, mac, device);
  }

  /** A cable that no emulator knows. */
  private addBareCable(): void {
    const pid = this.right.netnsPath.split('/')[2]!;
    this.left.run('ip', 'link', 'add', 'name', 'bare', 'type', 'veth', 'peer', 'name', 'bare', 'netns', pid);
    this.address('bare', BARE);
  }

  private address(device: string, link: number): void {
    for (const [space, { address }] of [
      [this.left, this.from(0, link)],
      [this.right, this.to(0, link)],
    ] as const) {
      space.run('ip', 'address', 'add', `${address}/24`, 'dev', device);
      space.run('ip', 'link', 'set', device, 'up');
    }
  }
}

const nameOf = (link: number) => `left--right-${link}`;

/** A neighbour that needs no ARP. */
export function knowNeighbour(space: ScratchNamespace, address: string, mac: string, device: string): void {
  const known = ['lladdr', mac, 'dev', device, 'nud', 'permanent'];
  space.run('ip', 'neighbour', 'replace', address, ...known);
}
