import {
  type DirectionState,
  type Emulator,
  type LinkCounters,
  type LinkState,
  clearDirection,
  clearLink,
} from '../../src/emulator/contract.js';
import type { Impairment } from '../../src/plan/impairment.js';
import { type ScratchNamespace, startScratchNamespace } from '../integration/scratch-namespace.js';
import type { ConformanceCase } from './cases.js';
import type { PacketRecord } from './checks.js';
import { type Stall, stallsOf } from './netem-stalls.js';
import { type TrafficEnd, exchange, exchangeAll } from './traffic.js';

const LINK = 'left--right';
const LEFT = { address: '198.18.0.1', mac: '02:00:00:00:00:0a' };
const RIGHT = { address: '198.18.0.2', mac: '02:00:00:00:00:0b' };

const CONTROL = { left: '198.18.255.1', right: '198.18.255.2' };

export type Traffic = ConformanceCase['traffic'];

/** Two hosts joined by one link of an emulator. */
export class Stand implements AsyncDisposable {
  private constructor(
    readonly emulator: Emulator,
    readonly left: ScratchNamespace,
    readonly right: ScratchNamespace,
  ) {}

  /** @param emulator disposed of with the stand */
  static async start(emulator: Emulator): Promise<Stand> {
    const left = await startScratchNamespace();
    const right = await startScratchNamespace();
    const end = (space: ScratchNamespace, mac: string) => ({
      netnsPath: space.netnsPath,
      interface: 'eth0',
      mac,
    });
    await emulator.connect({ name: LINK, a: end(left, LEFT.mac), b: end(right, RIGHT.mac) });
    for (const [space, own, peer] of [
      [left, LEFT, RIGHT],
      [right, RIGHT, LEFT],
    ] as const) {
      space.run('ip', 'address', 'add', `${own.address}/24`, 'dev', 'eth0');
      space.run('ip', 'link', 'set', 'eth0', 'up');
      // No ARP where frames are counted.
      const known = ['lladdr', peer.mac, 'dev', 'eth0', 'nud', 'permanent'];
      space.run('ip', 'neighbour', 'replace', peer.address, ...known);
    }
    addControl(left, right);
    return new Stand(emulator, left, right);
  }

  from(port = 4000): TrafficEnd {
    return { netnsPath: this.left.netnsPath, address: LEFT.address, port };
  }

  to(port = 4001): TrafficEnd {
    return { netnsPath: this.right.netnsPath, address: RIGHT.address, port };
  }

  /** Sets left to right; the way back is clear. */
  async set(change: Partial<DirectionState>): Promise<void> {
    await this.setLink({ ...clearLink, aToB: { ...clearDirection, ...change } });
  }

  async setLink(state: LinkState): Promise<void> {
    await this.emulator.set(LINK, state);
  }

  counters(): Promise<LinkCounters> {
    return this.emulator.counters(LINK);
  }

  /**
   * Sends from left to right under an impairment, and a packet a ms over a bare cable beside it. Where that was late,
   * the machine stood still.
   */
  async measure(
    otherwise: Impairment,
    traffic: Traffic,
  ): Promise<{ records: PacketRecord[]; stalls: Stall[] }> {
    await this.set({ otherwise });
    const control = {
      count: Math.ceil(traffic.count * traffic.gapMs + traffic.settleMs),
      gapMs: 1,
      frameBytes: 60,
      settleMs: 10,
      from: { netnsPath: this.left.netnsPath, address: CONTROL.left, port: 0 },
      to: { netnsPath: this.right.netnsPath, address: CONTROL.right, port: 0 },
    };
    const plan = { ...traffic, from: this.from(), to: this.to() };
    const [records = [], beside = []] = exchangeAll([plan, control]);
    return { records, stalls: stallsOf(beside, control.gapMs) };
  }

  exchange(traffic: Traffic, fromPort?: number, toPort?: number): PacketRecord[] {
    return exchange({ ...traffic, from: this.from(fromPort), to: this.to(toPort) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator[Symbol.asyncDispose]();
    await this.left[Symbol.asyncDispose]();
    await this.right[Symbol.asyncDispose]();
  }
}

/** A cable that no emulator knows. */
function addControl(left: ScratchNamespace, right: ScratchNamespace): void {
  const pid = right.netnsPath.split('/')[2]!;
  left.run('ip', 'link', 'add', 'name', 'bare', 'type', 'veth', 'peer', 'name', 'bare', 'netns', pid);
  for (const [space, address] of [
    [left, CONTROL.left],
    [right, CONTROL.right],
  ] as const) {
    space.run('ip', 'address', 'add', `${address}/24`, 'dev', 'bare');
    space.run('ip', 'link', 'set', 'bare', 'up');
  }
}
