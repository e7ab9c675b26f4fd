import { DeadairError, ExitCode, messageOf } from '../../base/errors.js';
import {
  type DirectionCounters,
  type LinkCounters,
  type LinkEnd,
  type LinkSpec,
  type LinkState,
  clearLink,
} from '../contract.js';
import { type LaneSeed, NetemDirection } from './direction.js';
import { type MiddleNamespace, NETEM_FIX } from './namespace.js';
import type { RefusalDevices, Refusals } from './refusal.js';
import type { ShownFilter, ShownLink, ShownQdisc } from './readback.js';

/** A link: a port for each end, the other half of a veth pair, and between the ports the lanes of two directions. */
export class NetemLink {
  private readonly aToB: NetemDirection;
  private readonly bToA: NetemDirection;
  private readonly refusal: RefusalDevices;
  private carrier = false;

  /**
   * @param name at most 5 characters, unique in the namespace
   * @param onStep called when a trace has come to its next step, for `follow` to be called
   */
  constructor(
    private readonly space: MiddleNamespace,
    private readonly refusals: Refusals,
    private readonly spec: LinkSpec,
    name: string,
    seedOf: LaneSeed,
    onStep: () => void,
  ) {
    const [a, b] = [`${name}a`, `${name}b`];
    this.refusal = { link: spec.name, a: { port: a, tap: `${a}r` }, b: { port: b, tap: `${b}r` } };
    this.aToB = new NetemDirection(space, { name: a, from: a, to: b, refusal: `${a}r` }, seedOf, onStep);
    this.bToA = new NetemDirection(space, { name: b, from: b, to: a, refusal: `${b}r` }, seedOf, onStep);
  }

  /** Makes both interfaces or none. Rejects with LINK_FAILED. */
  async connect(): Promise<void> {
    try {
      await this.space.ip([portCommand(this.portA, this.spec.a), portCommand(this.portB, this.spec.b)]);
      await this.space.tc([this.portA, this.portB].map((port) => `qdisc add dev ${port} clsact`));
      await this.apply(clearLink);
    } catch (error) {
      await this.disconnect();
      throw new DeadairError('LINK_FAILED', `cannot make link ${this.spec.name}: ${messageOf(error)}`, {
        exitCode: ExitCode.labFailed,
        fix: NETEM_FIX,
        cause: error,
      });
    }
  }

  async apply(state: LinkState): Promise<void> {
    const carrier = state.aToB.cut !== 'carrier-down' && state.bToA.cut !== 'carrier-down';
    const cut = (direction: LinkState['aToB']) =>
      carrier ? direction : { ...direction, cut: 'carrier-down' as const };
    if (state.aToB.cut === 'reject' || state.bToA.cut === 'reject') await this.refusals.open(this.refusal);
    if (!carrier) await this.setCarrier(false);
    await this.aToB.apply(cut(state.aToB));
    await this.bToA.apply(cut(state.bToA));
    if (carrier) await this.setCarrier(true);
    await this.verify();
  }

  /** Brings both directions to where their traces are. */
  async follow(): Promise<void> {
    await this.aToB.follow();
    await this.bToA.follow();
    await this.verify();
  }

  /** Rejects with NETEM_READBACK unless the kernel shows what was ordered. */
  async verify(): Promise<void> {
    const [qdiscs, ...filters] = (await this.space.show(
      'qdisc show',
      this.aToB.showFilters,
      this.bToA.showFilters,
    )) as [ShownQdisc[], ShownFilter[], ShownFilter[]];
    this.aToB.verify(qdiscs, filters[0]);
    this.bToA.verify(qdiscs, filters[1]);
  }

  async counters(): Promise<LinkCounters> {
    const [aToB, bToA] = [await this.aToB.ledger.read(), await this.bToA.ledger.read()];
    const refused = await this.refusals.counts(this.spec.name);
    const links = (await this.space.links()) as ShownLink[];
    const at = (port: string) => links.find(({ ifname }) => ifname === port)?.stats64;
    const count = (
      { lost, matched }: typeof aToB,
      from: string,
      to: string,
      own: DirectionCounters | undefined,
      opposite: DirectionCounters | undefined,
    ): DirectionCounters => {
      const byCut = lost.byCut + (own?.droppedByCut ?? 0);
      return {
        received: at(from)?.rx.packets ?? 0,
        // Answers to what was refused the other way leave by the same port.
        delivered: (at(to)?.tx.packets ?? 0) - (opposite?.rejected ?? 0),
        dropped: lost.byLoss + lost.byRate + lost.byMtu + byCut,
        droppedByLoss: lost.byLoss,
        droppedByCut: byCut,
        droppedByRate: lost.byRate,
        droppedByMtu: lost.byMtu,
        // netem counts what it has no room for with what it loses on purpose; its limit leaves room.
        droppedByQueue: null,
        duplicated: null,
        corrupted: null,
        reordered: null,
        rejected: own?.rejected ?? 0,
        undeliverable: at(to)?.tx.dropped ?? 0,
        matched,
      };
    };
    return {
      aToB: count(aToB, this.portA, this.portB, refused?.aToB, refused?.bToA),
      bToA: count(bToA, this.portB, this.portA, refused?.bToA, refused?.aToB),
      lateness: null,
    };
  }

  /** Takes both interfaces away. */
  async disconnect(): Promise<void> {
    this.aToB.stop();
    this.bToA.stop();
    const links = (await this.space.links()) as ShownLink[];
    const ports = [this.portA, this.portB].filter((port) => links.some(({ ifname }) => ifname === port));
    await this.space.ip(ports.map((port) => `link del dev ${port}`));
  }

  private get portA(): string {
    return this.refusal.a.port;
  }

  private get portB(): string {
    return this.refusal.b.port;
  }

  private async setCarrier(carrier: boolean): Promise<void> {
    if (carrier === this.carrier) return;
    const state = carrier ? 'up' : 'down';
    await this.space.ip([this.portA, this.portB].map((port) => `link set dev ${port} ${state}`));
    this.carrier = carrier;
  }
}

/**
 * A port, and the interface of an end in its node. With segmentation left to the card, as veth would have it, a loss would
 * take dozens of TCP segments at once: so the interface takes them one by one.
 */
function portCommand(port: string, { netnsPath, interface: name, mac }: LinkEnd): string {
  return `link add name ${port} type veth peer name ${name} address ${mac} gso_max_segs 1 netns ${netnsPath}`;
}
