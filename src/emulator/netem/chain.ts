import type { Filter } from './filters.js';
import type { ShownFilter } from './readback.js';

/**
 * The filters of a port, which send each frame that comes in to its lane. Filters are never changed where frames pass:
 * a new chain is filled beside the old one, and then one filter, replaced at once, leads there.
 */
export class PortChain {
  private generation = 0;
  private filters: readonly Filter[] = [];

  constructor(readonly port: string) {}

  /** In force, in order. */
  get current(): readonly Filter[] {
    return this.filters;
  }

  /** tc commands that put `filters` in force. The old chain stays, for its counts to be read, until `forget`. */
  become(filters: readonly Filter[]): string[] {
    this.generation++;
    this.filters = filters;
    return [
      ...filters.map((filter, index) => addCommand(this.port, this.generation, index + 1, filter)),
      `filter replace dev ${this.port} ingress pref 1 handle 1 protocol all flower action goto chain ${this.generation}`,
    ];
  }

  /** Shows the filters of all chains: a tc batch can't choose a chain more than once. */
  show(): string {
    return `filter show dev ${this.port} ingress`;
  }

  /** Of what `show` showed, the filters in force. */
  pick(shown: readonly ShownFilter[]): ShownFilter[] {
    return inChain(shown, this.generation);
  }

  /** Of what `show` showed, the filters that were in force before. */
  pickBefore(shown: readonly ShownFilter[]): ShownFilter[] {
    return inChain(shown, this.generation - 1);
  }

  /** Takes the chain before this one away. */
  forget(): string {
    return `filter del dev ${this.port} ingress chain ${this.generation - 1}`;
  }
}

/** Each filter is shown twice, the first time without what it does. */
const inChain = (shown: readonly ShownFilter[], generation: number) =>
  shown.filter(({ chain, options }) => chain === generation && options !== undefined);

function addCommand(
  port: string,
  chain: number,
  preference: number,
  { protocol, keys, action }: Filter,
): string {
  const acts = action === 'drop' ? 'drop' : `mirred egress redirect dev ${action.redirect}`;
  const place = `dev ${port} ingress chain ${chain} pref ${preference}`;
  return `filter add ${place} protocol ${protocol} flower ${keys.join(' ')} action ${acts}`;
}
