import { isDeepStrictEqual } from 'node:util';
import { ETHERNET_BYTES } from '../../base/headers.js';
import type { Impairment } from '../../plan/impairment.js';
import { netemQdisc } from './arguments.js';
import { ORDER_KEEPING_RATE_BITS_PER_S, type Qdisc } from './qdisc.js';
import { type Stage, rateStages } from './rate-stages.js';

/** Rate of a stage that isn't needed, and the queue that it may have, which never fills. */
const OPEN_BITS_PER_S = 1e11;
const OPEN_QUEUE_MS = 1000;

/** Commands for ip and then for tc, without their program. */
export interface Orders {
  ip: string[];
  tc: string[];
  /** Devices whose root becomes one of another kind: what it holds, and its counts, are lost. */
  regrafted: string[];
  /** Whether the filter that drops what is too long is replaced or taken away, and its counts with it. */
  resized: boolean;
}

/** netem; HTB or TBF; netem's rate. Frames pass them in this order. */
export const PLACES = [0, 1, 2] as const;
export type Place = (typeof PLACES)[number];

/**
 * The way of those frames of a direction that meet the same impairment: up to three stages, each a veth pair whose first
 * end has the qdiscs and whose second end hands on to the next stage, and at last to `target`. A stage, once there,
 * stays, and lets pass when it isn't needed, so that what it holds isn't overtaken.
 */
export class Lane {
  /** In force, by place. */
  readonly stages = new Map<Place, Stage>();
  private readonly made = new Set<Place>();
  private impairment: Impairment | null = null;
  private mtuBytes: number | null = null;

  /**
   * @param name at most 12 characters, unique in the namespace
   * @param seed for netem's draws, null for none
   */
  constructor(
    private readonly name: string,
    private readonly target: string,
    private readonly seed: string | null,
  ) {}

  /** Where frames go in. */
  get entry(): string {
    return this.device(0);
  }

  device(place: Place): string {
    return `${this.name}${place}i`;
  }

  /** What to order so that the lane does `impairment`; the lane counts on it to be carried out. */
  become(impairment: Impairment): Orders {
    const orders: Orders = { ip: [], tc: [], regrafted: [], resized: false };
    if (isDeepStrictEqual(impairment, this.impairment)) return orders;
    this.impairment = impairment;
    const wanted = stagesFor(impairment, this.seed);
    let next = this.target;
    // From the last to the first, so that no frame comes to where nothing is yet.
    for (const place of [...PLACES].reverse()) {
      const before = this.stages.get(place);
      const stage = wanted.get(place) ?? (before ? openStage(before) : undefined);
      if (!stage) continue;
      const device = this.device(place);
      if (!this.made.has(place)) orders.ip.push(...pairOf(device, this.outOf(place)));
      const fresh = this.made.has(place) ? [] : [`qdisc add dev ${this.outOf(place)} clsact`];
      const known = before?.[0]?.kind === stage[0]?.kind;
      if (before && !known) orders.regrafted.push(device);
      const qdiscs = stage.filter(({ fixed }) => !(fixed && known));
      orders.tc.push(...fresh, ...qdiscs.map((qdisc) => replaceCommand(device, qdisc)));
      orders.tc.push(handOver(this.outOf(place), next));
      this.made.add(place);
      this.stages.set(place, stage);
      next = device;
    }
    orders.resized = this.mtuBytes !== null && impairment.mtuBytes !== this.mtuBytes;
    orders.tc.push(...this.limit(impairment.mtuBytes));
    return orders;
  }

  /** What to order so that all that the lane holds is gone. Nothing may be sent in until it has become something again. */
  flush(): string[] {
    const commands = [...this.stages.keys()].map((place) => `qdisc del dev ${this.device(place)} root`);
    this.stages.clear();
    this.impairment = null;
    return commands;
  }

  /** At the egress, where the kernel counts the Ethernet header always; at the ingress that depends on its version. */
  private limit(mtuBytes: number | null): string[] {
    if (mtuBytes === this.mtuBytes) return [];
    this.mtuBytes = mtuBytes;
    const filter = `dev ${this.entry} egress pref 1`;
    if (mtuBytes === null) return [`filter del ${filter}`];
    const police = `action police mtu ${mtuBytes + ETHERNET_BYTES} conform-exceed drop/pipe`;
    return [
      `qdisc replace dev ${this.entry} clsact`,
      `filter replace ${filter} handle 1 protocol all flower ${police}`,
    ];
  }

  /** Whether there is a filter that drops what is too long. */
  get limitsSize(): boolean {
    return this.mtuBytes !== null;
  }

  showSize(): string {
    return `filter show dev ${this.entry} egress`;
  }

  private outOf(place: Place): string {
    return `${this.name}${place}o`;
  }
}

function stagesFor(impairment: Impairment, seed: string | null): Map<Place, Stage> {
  const stages = new Map<Place, Stage>([[0, [netemQdisc(impairment, seed)]]]);
  for (const stage of impairment.rate ? rateStages(impairment.rate) : [])
    stages.set(stage[0]?.kind === 'netem' ? 2 : 1, stage);
  return stages;
}

/** A stage of the same kind through which frames pass as if it weren't there. */
function openStage(stage: Stage): Stage {
  const bitsPerS = stage[0]?.kind === 'netem' ? ORDER_KEEPING_RATE_BITS_PER_S : OPEN_BITS_PER_S;
  const burstBytes = stage[0]?.kind === 'tbf' ? 1e7 : 0;
  const limits = { limitPackets: null, limitMs: stage[0]?.kind === 'htb' ? OPEN_QUEUE_MS : null };
  return rateStages({ bitsPerS, burstBytes, ...limits })[0]!;
}

function replaceCommand(device: string, { object, kind, parent, handle, args }: Qdisc): string {
  const place = parent === 'root' ? 'root' : `parent ${parent}`;
  const name = handle === null ? '' : ` ${object === 'class' ? 'classid' : 'handle'} ${handle}`;
  return `${object} replace dev ${device} ${place}${name} ${kind} ${args.join(' ')}`;
}

function pairOf(device: string, out: string): string[] {
  return [
    `link add name ${device} type veth peer name ${out}`,
    `link set dev ${device} up`,
    `link set dev ${out} up`,
  ];
}

/** What comes out of `from` goes into `to` at once. */
export function handOver(from: string, to: string): string {
  return `filter replace dev ${from} ingress pref 1 handle 1 protocol all flower action mirred egress redirect dev ${to}`;
}
