import type { Impairment } from '../plan/types.js';

/** One end of a link: an interface that the emulator makes in a node's network namespace. */
export interface LinkEnd {
  /** `/proc/PID/ns/net` of any process in the namespace. */
  netnsPath: string;
  /** Kernel name, at most 15 characters. */
  interface: string;
  /** `02:00:00:00:00:01` */
  mac: string;
}

export interface LinkSpec {
  /** Unique for this emulator. */
  name: string;
  a: LinkEnd;
  b: LinkEnd;
}

/**
 * How a direction is cut. `blackhole`: nothing gets through and nobody is told. `reject`: IPv4 is answered at once
 * with ICMP port unreachable or TCP RST, ARP gets through. `carrier-down`: both ends lose their carrier, and that
 * stops both directions, whichever of them asked for it. What is on its way when a cut begins is lost.
 */
type LinkCut = 'blackhole' | 'reject' | 'carrier-down';

/** What happens to frames that go one way. */
export interface DirectionState extends Impairment {
  cut: LinkCut | null;
}

export interface LinkState {
  aToB: DirectionState;
  bToA: DirectionState;
}

/** Frames of one direction since connect. received = the sum of the others + those still held for their delay. */
export interface DirectionCounters {
  received: number;
  delivered: number;
  droppedByLoss: number;
  droppedByCut: number;
  /** The emulator had no room to hold a frame. Above 0 the emulation cannot be trusted. */
  droppedByQueue: number;
  /** Answered with ICMP or RST. */
  rejected: number;
  /** The interface at the far end was not up. */
  undeliverable: number;
}

export interface LinkCounters {
  aToB: DirectionCounters;
  bToA: DirectionCounters;
}

/**
 * Joins interfaces in two namespaces by a link whose two directions can be impaired. The emulator makes the
 * interfaces (with their MAC, down, without address); addresses and bring-up are the caller's. Disposing takes them away.
 */
export interface Emulator extends AsyncDisposable {
  /** Rejects with DeadairError LINK_FAILED if an interface can't be made; then neither is left. */
  connect(link: LinkSpec): Promise<void>;
  /** Replaces the whole state of a link. Resolves once every further frame meets it. */
  set(link: string, state: LinkState): Promise<void>;
  counters(link: string): Promise<LinkCounters>;
  /**
   * Calls `listener` once, at once if it already happened, when the emulator broke down by itself (not by being
   * disposed of): from then on nothing that was observed over its links can be trusted.
   */
  onFailure(listener: (error: Error) => void): void;
}

/** A direction without any impairment. */
export const clearDirection: DirectionState = { delayMs: 0, jitterMs: 0, lossShare: 0, cut: null };

/** A link without any impairment, as it is after connect. */
export const clearLink: LinkState = { aToB: clearDirection, bToA: clearDirection };

/** Throws RangeError for a state out of range: loss 0–1, delay ≥ 0, jitter 0 … delay. */
export function assertLinkState(state: LinkState): void {
  for (const { delayMs, jitterMs, lossShare } of [state.aToB, state.bToA]) {
    if (!(delayMs >= 0 && delayMs < Infinity)) throw new RangeError(`delay of ${delayMs} ms`);
    if (!(jitterMs >= 0 && jitterMs <= delayMs))
      throw new RangeError(`jitter of ${jitterMs} ms with a delay of ${delayMs} ms`);
    if (!(lossShare >= 0 && lossShare <= 1)) throw new RangeError(`loss share of ${lossShare}`);
  }
}
