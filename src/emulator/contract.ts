import type { Impairment, Match } from '../plan/impairment.js';
import type { Trace } from '../plan/traces/types.js';

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
  /** File to write a record per frame to, as long as the link lives; only `wire` does (see decision-log.ts). */
  log?: string;
}

/**
 * How a direction is cut. `blackhole`: nothing gets through and nobody is told. `reject`: IPv4 is answered at once
 * with ICMP port unreachable or TCP RST, ARP gets through. `carrier-down`: both ends lose their carrier, and that
 * stops both directions, whichever of them asked for it. What is on its way when a cut begins is lost.
 */
type LinkCut = 'blackhole' | 'reject' | 'carrier-down';

/** An impairment for some packets only. */
export interface Rule {
  match: Match;
  impairment: Impairment;
}

/**
 * What happens to frames that go one way. The first rule that matches decides, and nothing of the others or of
 * `otherwise` is added to it. Order is kept among packets that meet the same rule; one that a rule delays is overtaken
 * by those that it doesn't concern. A rule, an `otherwise` or a profile that is equal to one already in force goes on
 * where it is (its counts, its clock, its queue); to start it afresh, set the direction clear first.
 */
export interface DirectionState {
  rules: Rule[];
  otherwise: Impairment;
  /**
   * Takes the place of `otherwise`, and changes by itself. A packet trace replaces its delay and loss only: the rest of
   * `otherwise` stays in force. Before a time trace's first step, and after a trace that stops, it's `otherwise`.
   */
  profile: Trace | null;
  cut: LinkCut | null;
}

export interface LinkState {
  aToB: DirectionState;
  bToA: DirectionState;
}

/**
 * Frames of one direction since connect; null where the emulator can't tell.
 * received + duplicated = delivered + dropped + rejected + undeliverable + those still held.
 */
export interface DirectionCounters {
  received: number;
  delivered: number;
  /** For whatever reason; the next five say why. */
  dropped: number;
  droppedByLoss: number | null;
  droppedByCut: number | null;
  /** The queue in front of the rate was full. */
  droppedByRate: number | null;
  droppedByMtu: number | null;
  /** The emulator had no room to hold a frame. Above 0 the emulation cannot be trusted. */
  droppedByQueue: number | null;
  /** Copies made. */
  duplicated: number | null;
  corrupted: number | null;
  /** Sent past those that wait for their delay. */
  reordered: number | null;
  /** Answered with ICMP or RST. */
  rejected: number | null;
  /** The interface at the far end was not up. */
  undeliverable: number | null;
  /** Frames that each rule in force decided about, in the order of the rules. */
  matched: number[] | null;
}

/** How much later than due held frames were delivered, since connect. A starved host shows here. */
export interface Lateness {
  /** Frames that were held. Without any, the rest is 0. */
  frames: number;
  /** To some 5 %, ms. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface LinkCounters {
  aToB: DirectionCounters;
  bToA: DirectionCounters;
  /** Null where the emulator can't tell. */
  lateness: Lateness | null;
}

/**
 * Joins interfaces in two namespaces by a link whose two directions can be impaired. The emulator makes the
 * interfaces (with their MAC, down, without address); addresses and bring-up are the caller's. Disposing takes them away.
 */
export interface Emulator extends AsyncDisposable {
  /** Rejects with DeadairError LINK_FAILED if an interface can't be made; then neither is left. */
  connect(link: LinkSpec): Promise<void>;
  /** Replaces the whole state of a link. Resolves once every further frame meets it. Rejects with RangeError. */
  set(link: string, state: LinkState): Promise<void>;
  counters(link: string): Promise<LinkCounters>;
  /**
   * Calls `listener` once, at once if it already happened, when the emulator broke down by itself (not by being
   * disposed of): from then on nothing that was observed over its links can be trusted.
   */
  onFailure(listener: (error: Error) => void): void;
}

/** Nothing happens to a packet. */
export const clearImpairment: Impairment = {
  delay: null,
  loss: null,
  duplicate: null,
  corrupt: null,
  reorder: null,
  rate: null,
  slot: null,
  mtuBytes: null,
};

/** A direction without any impairment. */
export const clearDirection: DirectionState = {
  rules: [],
  otherwise: clearImpairment,
  profile: null,
  cut: null,
};

/** A link without any impairment, as it is after connect. */
export const clearLink: LinkState = { aToB: clearDirection, bToA: clearDirection };
