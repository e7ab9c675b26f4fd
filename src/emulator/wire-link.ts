import type { LinkCounters, LinkSpec, LinkState } from './contract.js';
import type { FramePool } from './frame-pool.js';
import { type Tap, closeTap, openTap, setCarrier } from './tap.js';
import { WireDirection } from './wire-direction.js';

/** A way through a link: frames read from `from` are written to `to`, unless `direction` has it otherwise. */
export interface WirePath {
  link: string;
  from: Tap;
  to: Tap;
  direction: WireDirection;
}

/** Two TAPs and the two directions between them. */
export class WireLink {
  readonly aToB: WirePath;
  readonly bToA: WirePath;
  private carrier = true;

  /** Makes both interfaces or none. Throws SystemCallError. */
  constructor(
    private readonly spec: LinkSpec,
    pool: FramePool,
    seed: number,
  ) {
    const a = openTap(spec.a);
    try {
      const b = openTap(spec.b);
      const link = spec.name;
      this.aToB = { link, from: a, to: b, direction: new WireDirection(pool, seed, `${link}/a-to-b`) };
      this.bToA = { link, from: b, to: a, direction: new WireDirection(pool, seed, `${link}/b-to-a`) };
    } catch (error) {
      closeTap(a);
      throw error;
    }
  }

  get name(): string {
    return this.spec.name;
  }

  apply(state: LinkState): void {
    const carrier = state.aToB.cut !== 'carrier-down' && state.bToA.cut !== 'carrier-down';
    this.aToB.direction.apply(carrier ? state.aToB : { ...state.aToB, cut: 'carrier-down' });
    this.bToA.direction.apply(carrier ? state.bToA : { ...state.bToA, cut: 'carrier-down' });
    if (carrier === this.carrier) return;
    setCarrier(this.aToB.from, carrier);
    setCarrier(this.aToB.to, carrier);
    this.carrier = carrier;
  }

  counters(): LinkCounters {
    return { aToB: this.aToB.direction.counters, bToA: this.bToA.direction.counters };
  }

  close(): void {
    closeTap(this.aToB.from);
    closeTap(this.aToB.to);
  }
}
