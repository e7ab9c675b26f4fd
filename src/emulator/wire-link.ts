import { tryWrite } from '../base/linux/descriptors.js';
import type { DirectionCounters, LinkCounters, LinkSpec, LinkState } from './contract.js';
import type { DecisionRecorder } from './decision-recorder.js';
import type { HeldFrames } from './held-frames.js';
import { LatenessHistogram } from './lateness.js';
import { buildRejection } from './reject.js';
import { type Tap, closeTap, openTap, setCarrier } from './tap.js';
import { WireDirection, type WireSink } from './wire-direction.js';
import type { WireLane } from './wire-rules.js';

/** A way through a link: frames read from `from` go into `direction`. */
export interface WirePath {
  link: WireLink;
  from: Tap;
  direction: WireDirection;
}

/** Two TAPs and the two directions between them. */
export class WireLink {
  readonly aToB: WirePath;
  readonly bToA: WirePath;
  private readonly lateness = new LatenessHistogram();
  private carrier = true;

  /** Makes both interfaces or none. Throws SystemCallError. */
  constructor(
    private readonly spec: LinkSpec,
    held: HeldFrames<WireLane>,
    seed: number,
    readonly recorder: DecisionRecorder | null,
  ) {
    const a = openTap(spec.a);
    try {
      const b = openTap(spec.b);
      const surroundings = { held, seed, recorder, lateness: this.lateness };
      const direction = (number: 0 | 1, from: Tap, to: Tap) =>
        new WireDirection(surroundings, spec.name, number, sinkBetween(from, to));
      this.aToB = { link: this, from: a, direction: direction(0, a, b) };
      this.bToA = { link: this, from: b, direction: direction(1, b, a) };
    } catch (error) {
      closeTap(a);
      throw error;
    }
  }

  get name(): string {
    return this.spec.name;
  }

  apply(state: LinkState, nowMs: number): void {
    const carrier = state.aToB.cut !== 'carrier-down' && state.bToA.cut !== 'carrier-down';
    this.aToB.direction.apply(carrier ? state.aToB : { ...state.aToB, cut: 'carrier-down' }, nowMs);
    this.bToA.direction.apply(carrier ? state.bToA : { ...state.bToA, cut: 'carrier-down' }, nowMs);
    if (carrier === this.carrier) return;
    setCarrier(this.aToB.from, carrier);
    setCarrier(this.bToA.from, carrier);
    this.carrier = carrier;
  }

  counters(): LinkCounters {
    return {
      aToB: countersOf(this.aToB.direction),
      bToA: countersOf(this.bToA.direction),
      lateness: this.lateness.summary(),
    };
  }

  close(): void {
    closeTap(this.aToB.from);
    closeTap(this.bToA.from);
  }
}

function countersOf({ counters, matched }: WireDirection): DirectionCounters {
  return { ...counters, matched };
}

function sinkBetween(from: Tap, to: Tap): WireSink {
  return {
    deliver: (frame, length) => tryWrite(to.fd, frame, length) >= 0,
    reject(frame, length) {
      const answer = buildRejection(frame, length);
      if (answer === null) return false;
      tryWrite(from.fd, answer, answer.length);
      return true;
    },
  };
}
