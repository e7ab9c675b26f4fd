import { isDeepStrictEqual } from 'node:util';
import type { Impairment } from '../../plan/impairment.js';
import { type DirectionState, clearDirection } from '../contract.js';
import { PortChain } from './chain.js';
import { type Filter, everything, filtersFor } from './filters.js';
import { Lane } from './lane.js';
import { Ledger } from './ledger.js';
import type { MiddleNamespace } from './namespace.js';
import { type ShownFilter, type ShownQdisc, compareFilters, compareQdiscs } from './readback.js';
import { tableName, tableText } from './tables.js';
import { TraceClock } from './trace-clock.js';

/** The devices that a direction is between. */
export interface DirectionDevices {
  /** At most 8 characters, unique; its lanes are named after it. */
  name: string;
  /** Where its frames come in, and where they leave. */
  from: string;
  to: string;
  /** Where frames to be refused are sent. */
  refusal: string;
}

/** The seed of a lane's draws, by its name; null where the kernel can't be seeded. */
export type LaneSeed = (lane: string) => string | null;

/** One direction of a link: sorts the frames that come in at a port into lanes, which end at the other port. */
export class NetemDirection {
  readonly ledger: Ledger;
  private readonly clock: TraceClock;
  private readonly chain: PortChain;
  /** The first is for `otherwise`, then one a rule. */
  private readonly lanes: Lane[] = [];
  private state: DirectionState = clearDirection;

  /** @param onStep called when a trace has come to its next step, for `follow` to be called */
  constructor(
    private readonly space: MiddleNamespace,
    private readonly devices: DirectionDevices,
    private readonly seedOf: LaneSeed,
    onStep: () => void,
  ) {
    this.chain = new PortChain(devices.from);
    this.ledger = new Ledger(space, this.chain, this.lanes);
    this.clock = new TraceClock(onStep);
  }

  async apply(state: DirectionState): Promise<void> {
    const cutBegins = state.cut !== null && state.cut !== this.state.cut;
    this.clock.follow(state.profile);
    if (cutBegins) {
      await this.sort(state);
      await this.ledger.flush(() => this.space.tc(this.lanes.flatMap((lane) => lane.flush())));
    }
    await this.setLanes(state);
    if (!cutBegins) await this.sort(state);
    this.state = state;
  }

  /** Brings the lane of `otherwise` to where the trace is. */
  async follow(): Promise<void> {
    await this.setLanes(this.state);
  }

  stop(): void {
    this.clock.stop();
  }

  /** tc's command that shows the filters in force. */
  get showFilters(): string {
    return this.chain.show();
  }

  /** Throws NETEM_READBACK unless this is what was ordered. */
  verify(qdiscs: readonly ShownQdisc[], filters: readonly ShownFilter[]): void {
    compareFilters(this.devices.from, this.chain.current, this.chain.pick(filters));
    for (const lane of this.lanes)
      for (const [place, stage] of lane.stages) compareQdiscs(lane.device(place), stage, qdiscs);
  }

  private async setLanes(state: DirectionState): Promise<void> {
    const impairments = [
      this.clock.current() ?? state.otherwise,
      ...state.rules.map(({ impairment }) => impairment),
    ];
    for (const impairment of impairments) await this.provideTable(impairment);
    const orders = impairments.map((impairment, index) => this.lane(index).become(impairment));
    await this.ledger.replace(
      orders.flatMap(({ regrafted }) => regrafted),
      this.lanes.filter((_, index) => orders[index]?.resized),
    );
    await this.space.ip(orders.flatMap(({ ip }) => ip));
    await this.space.tc(orders.flatMap(({ tc }) => tc));
  }

  private lane(index: number): Lane {
    const name = `${this.devices.name}${index}s`;
    return (this.lanes[index] ??= new Lane(name, this.devices.to, this.seedOf(name)));
  }

  private async provideTable({ delay }: Impairment): Promise<void> {
    if (!delay || delay.jitterMs === 0) return;
    await this.space.provideTable(tableName(delay.distribution), () => tableText(delay.distribution));
  }

  /** Puts the filters of a state in force. */
  private async sort(state: DirectionState): Promise<void> {
    const { filters, spans } = this.filtersOf(state);
    const rules = state.cut === null ? state.rules : [];
    const before = this.chain.current;
    if (isDeepStrictEqual(filters, before) && isDeepStrictEqual(rules, this.ledger.rulesInForce)) return;
    await this.space.tc(this.chain.become(filters));
    await this.ledger.turn(before, rules, spans);
    if (before.length > 0) await this.space.tc([this.chain.forget()]);
  }

  private filtersOf(state: DirectionState): { filters: Filter[]; spans: number[] } {
    const otherwise = { redirect: this.lane(0).entry };
    if (state.cut === 'reject')
      return {
        filters: [
          ...filtersFor({ protocol: 'arp' }, otherwise),
          {
            protocol: 'ip',
            keys: [],
            shown: { eth_type: 'ipv4' },
            action: { redirect: this.devices.refusal },
          },
          everything('drop'),
        ],
        spans: [],
      };
    if (state.cut !== null) return { filters: [everything('drop')], spans: [] };
    const byRule = state.rules.map(({ match }, index) =>
      filtersFor(match, { redirect: this.lane(index + 1).entry }),
    );
    return {
      filters: [...byRule.flat(), everything(otherwise)],
      spans: byRule.map((filters) => filters.length),
    };
  }
}
