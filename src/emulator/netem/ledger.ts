import { isDeepStrictEqual } from 'node:util';
import type { Rule } from '../contract.js';
import type { PortChain } from './chain.js';
import type { Filter } from './filters.js';
import { type Lane, PLACES } from './lane.js';
import type { MiddleNamespace } from './namespace.js';
import type { ShownFilter, ShownLink, ShownQdisc } from './readback.js';

/** Frames lost, by reason. */
export interface Losses {
  byLoss: number;
  byRate: number;
  byMtu: number;
  byCut: number;
}

/**
 * Counts the frames of a direction. The kernel keeps the counts with the qdiscs and filters, and forgets them with those: so
 * the ledger is told before anything is taken away.
 */
export class Ledger {
  private readonly settled: Losses = { byLoss: 0, byRate: 0, byMtu: 0, byCut: 0 };
  /** Packets that each device had sent when its qdisc was made. */
  private readonly sentBefore = new Map<string, number>();
  private rules: readonly Rule[] = [];
  /** Filters that each rule has. */
  private spans: readonly number[] = [];
  private matchedBefore: readonly number[] = [];

  constructor(
    private readonly space: MiddleNamespace,
    private readonly chain: PortChain,
    private readonly lanes: readonly Lane[],
  ) {}

  get rulesInForce(): readonly Rule[] {
    return this.rules;
  }

  /** Lost since connect, held now, and decided about by each rule in force. */
  async read(): Promise<{ lost: Losses; held: number; matched: number[] }> {
    const sized = this.lanes.filter((lane) => lane.limitsSize);
    const [qdiscs, filters, ...sizes] = (await this.space.show(
      'qdisc show',
      this.chain.show(),
      ...sized.map((lane) => lane.showSize()),
    )) as [ShownQdisc[], ShownFilter[], ...ShownFilter[][]];
    const packets = actedUpon(this.chain.pick(filters));
    const { byLoss, byRate, byMtu, byCut } = this.settled;
    const roots = this.roots(qdiscs);
    return {
      lost: {
        byLoss: byLoss + sum(roots.map(({ place, drops }) => (place === 0 ? drops : 0))),
        byRate: byRate + sum(roots.map(({ place, drops }) => (place === 0 ? 0 : drops))),
        byMtu: byMtu + sum(sizes.flatMap(droppedBy)),
        byCut: byCut + droppedByChain(this.chain.current, packets),
      },
      held: sum(roots.map(({ qlen }) => qlen)),
      matched: this.matched(packets),
    };
  }

  /** The rules in force are others from now on; the chain of those before is still there, unless there was none. */
  async turn(before: readonly Filter[], rules: readonly Rule[], spans: readonly number[]): Promise<void> {
    let counts: number[] = [];
    if (before.length > 0) {
      const [filters] = (await this.space.show(this.chain.show())) as [ShownFilter[]];
      const packets = actedUpon(this.chain.pickBefore(filters));
      this.settled.byCut += droppedByChain(before, packets);
      counts = this.matched(packets);
    }
    // A rule that stays keeps its count.
    this.matchedBefore = rules.map(
      (rule) => counts[this.rules.findIndex((one) => isDeepStrictEqual(one, rule))] ?? 0,
    );
    this.rules = rules;
    this.spans = spans;
  }

  /** Runs `remove`, which takes all qdiscs of the lanes away while no frame comes in: what they held is lost by a cut. */
  async flush(remove: () => Promise<void>): Promise<void> {
    const [qdiscs] = (await this.space.show('qdisc show')) as [ShownQdisc[]];
    const roots = this.roots(qdiscs);
    await remove();
    const links = (await this.space.links()) as ShownLink[];
    for (const { place, dev, drops, qlen, packets } of roots) {
      this.settled[place === 0 ? 'byLoss' : 'byRate'] += drops;
      const sent = links.find(({ ifname }) => ifname === dev)?.stats64.tx.packets ?? 0;
      const hadSent = (this.sentBefore.get(dev) ?? 0) + packets;
      // What was held when we looked, less what left before the qdisc went.
      this.settled.byCut += Math.max(0, qlen - (sent - hadSent));
      this.sentBefore.set(dev, sent);
    }
  }

  /** The roots of `devices` and the size filters of `resized` are about to be replaced. */
  async replace(devices: readonly string[], resized: readonly Lane[]): Promise<void> {
    if (devices.length + resized.length === 0) return;
    const [qdiscs, ...sizes] = (await this.space.show(
      'qdisc show',
      ...resized.map((lane) => lane.showSize()),
    )) as [ShownQdisc[], ...ShownFilter[][]];
    this.settled.byMtu += sum(sizes.flatMap(droppedBy));
    for (const { dev, drops, qlen, packets } of this.roots(qdiscs).filter(({ dev }) =>
      devices.includes(dev),
    )) {
      this.settled.byRate += drops + qlen;
      this.sentBefore.set(dev, (this.sentBefore.get(dev) ?? 0) + packets);
    }
  }

  private roots(qdiscs: readonly ShownQdisc[]) {
    return this.lanes.flatMap((lane) =>
      PLACES.flatMap((place) => {
        const root = qdiscs.find((qdisc) => qdisc.root === true && qdisc.dev === lane.device(place));
        return root ? [{ ...root, place }] : [];
      }),
    );
  }

  private matched(packets: readonly number[]): number[] {
    let at = 0;
    return this.rules.map((_, index) => {
      const span = this.spans[index] ?? 0;
      at += span;
      return sum(packets.slice(at - span, at)) + (this.matchedBefore[index] ?? 0);
    });
  }
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** Frames that each filter of a chain acted upon. */
function actedUpon(filters: readonly ShownFilter[]): number[] {
  return filters.map(({ options }) => options?.actions?.[0]?.stats?.packets ?? 0);
}

function droppedByChain(ordered: readonly Filter[], packets: readonly number[]): number {
  return sum(ordered.map(({ action }, index) => (action === 'drop' ? (packets[index] ?? 0) : 0)));
}

const droppedBy = (filters: readonly ShownFilter[]) =>
  filters.map(({ options }) => options?.actions?.[0]?.stats?.drops ?? 0);
