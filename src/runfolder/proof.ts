/** Probes that were sent one right after the other, and what they met. */
export interface Neighbours {
  pairs: number;
  /** Pairs whose first one met it. */
  first: number;
  /** Of those, pairs whose second one met it too. */
  both: number;
}

/** A figure with what the model gives for it, from its own draws: mean and standard deviation. */
export interface Modelled {
  met: number;
  mean: number;
  deviation: number;
}

/** How delays vary among the probes of a series, beside what the model of the jitter gives for packets sent at these times. */
export interface JitterSight {
  /** From the 10th to the 90th percentile, ms. */
  spreadMs: Modelled;
  /** Of the ranks of neighbours' delays, −1 to 1. */
  correlation: Modelled;
  /** The same by a model whose draws don't depend on one another. */
  uncorrelated: Modelled;
}

/** Moments at which probes were let go together. */
export interface Releases {
  count: number;
  /** Median time from one to the next, and its 99.9 % interval; null if there are fewer than two. */
  apartMs: number | null;
  intervalMs: [low: number, high: number] | null;
  /** The most probes that went at one of them. */
  most: number;
}

/** One probe series: UDP packets of the lab's own sent across a link. */
export interface ProbeSeries {
  link: string;
  /** Sending node. */
  from: string;
  /** Index of the rule that these packets meet, null if they meet none. */
  rule: number | null;
  /** too-long: longer than the MTU asked for. longest: as long as the MTU lets pass. bare: without a checksum, so that the damaged ones arrive. */
  kind: 'plain' | 'too-long' | 'longest' | 'bare';
  sent: number;
  /** Different ones that arrived. */
  received: number;
  /** Times that ICMP told the sender "port unreachable"; some may have come as one. */
  refusals: number;
  /** Arrivals beyond the first of each. */
  duplicates: number;
  /** Of bare ones, those that arrived damaged, and the share of a packet's bits in which that is seen; null for all others. */
  damaged: { count: number; bitsSeen: number } | null;
  /** Null if none was sent right after another; `atOnce` where that can't be told, `damaged` unless they are bare. */
  neighbours: {
    lost: Neighbours;
    copied: Neighbours;
    atOnce: Neighbours | null;
    damaged: Neighbours | null;
  } | null;
  /** Null without jitter, and where something else makes delays vary. */
  jitter: JitterSight | null;
  /** Null without slots. */
  releases: Releases | null;
  /** From one probe, or the first of a train, to the next, ms. */
  spacingMs: number;
  /** Of those received, sent ahead of the delay asked for; null where that can't be told. */
  atOnce: number | null;
  /** Median one-way delay of those received that weren't sent at once, null if none were. */
  delayMs: number | null;
  /** 99.9 % interval of that median. */
  delayIntervalMs: [low: number, high: number] | null;
  /** 99th percentile, for the control path: how late the prober itself is. */
  delayP99Ms: number | null;
}

/** TCP connections tried over a way that is cut, to somebody who listens. */
export interface DialSeries {
  /** Sending node. */
  from: string;
  tried: number;
  /** Of those, answered with a reset. */
  reset: number;
  /** Of those, established: so something crossed. */
  opened: number;
}

/** How a direction was told to be cut, and how it was met: whether anything passes, is answered, or the carrier is gone. */
export interface CutMet {
  /** Sending node. */
  from: string;
  requested: 'blackhole' | 'reject' | 'carrier-down';
  /** Null if too little was seen to tell. */
  met: 'blackhole' | 'reject' | 'carrier-down' | 'none' | null;
}

/** A burst of probes faster than the rate asked for. */
export interface BurstSeries {
  link: string;
  from: string;
  /** Index of the rule that it meets, null if it meets none. */
  rule: number | null;
  sent: number;
  received: number;
  /** What passed once the bucket was empty, bits a second with Ethernet headers: at least, and with all other traffic at most. */
  bitsPerS: [low: number, high: number] | null;
  /** How long it was sent, ms, and of that the time for which the prober may have let the queue run dry. */
  lengthMs: number;
  idleMs: number;
  frameBits: number;
  /** Frames of the burst that arrived, copies too; and those of others that were delivered meanwhile. */
  arrived: number;
  others: number;
  /** From the first to arrive to the last, ms; null of fewer than two. */
  spanMs: number | null;
  /** Upper quartile of the delays of the last third to arrive, ms; null if none did. */
  fullWaitMs: number | null;
}

/** A figure that was asked for beside what was achieved. Shares 0–1. */
export interface ProofFigure {
  /** Sending node, or the node it is about. */
  from: string;
  what:
    | 'missing'
    | 'delay'
    | 'duplicate'
    | 'reorder'
    | 'rate'
    | 'jitter'
    | 'corrupt'
    | 'slot'
    | 'slot-packets'
    | 'queue'
    | 'burst'
    | 'longest'
    | 'too-long'
    | 'loss-correlation'
    | 'duplicate-correlation'
    | 'corrupt-correlation'
    | 'reorder-correlation'
    | 'jitter-correlation'
    | 'refused'
    | 'reset'
    | 'opened'
    | 'carrier'
    | 'matched'
    | 'changed'
    | NodeFigureName;
  /** `carrier`: 1 where the cable is plugged in, 0 where it isn't. */
  unit:
    | 'share'
    | 'ms'
    | 'bit/s'
    | 'packets'
    | 'carrier'
    | 'connections'
    | 'correlation'
    | 'bytes'
    | 'processes'
    | 'interfaces'
    | 'sockets'
    | 'answers'
    | 'programs'
    | 'periods';
  /** Index of the rule it is about; null for packets that meet none. */
  rule: number | null;
  /** What was asked for comes to this; a range where it depends on other traffic. High null: no upper end. */
  requested: [low: number, high: number | null];
  achieved: number | null;
  /** 99.9 %; null for a plain count. */
  interval: [low: number, high: number] | null;
  /** Null: not looked at, for the reason `unproven`. */
  holds: boolean | null;
  by: 'probes' | 'counters' | 'interface' | 'read-back';
  unproven?: string;
}

/**
 * Of nodes. processes: that run. carriers: interfaces of peers that have one. sent: packets that peers got from it. stopped:
 * share of its processes. sockets: that take packets or connections. answered: OPTIONS. probes, calls: share of the OPTIONS or
 * INVITEs of the harness that were answered as asked for. ended: processes of the program that are gone. others: programs beside it that live. started: how
 * often it was. cpu: share of one processor. throttled: periods in which it had to wait. replies: of a nameserver, that were as
 * they should be; or that didn't come, where none should. moved: of the authority, that differ from what was so before.
 */
export type NodeFigureName =
  | 'processes'
  | 'carriers'
  | 'sent'
  | 'stopped'
  | 'sockets'
  | 'answered'
  | 'probes'
  | 'calls'
  | 'ended'
  | 'others'
  | 'started'
  | 'cpu'
  | 'throttled'
  | 'replies'
  | 'moved';

export interface FaultProof {
  /** Probes over the faulted link, a series a direction and kind of packet. */
  impaired: ProbeSeries[];
  /** Probes over a link that has no fault: they must get through, or the probing itself is broken. */
  control: ProbeSeries[];
  /** None if nothing had a rate. */
  bursts: BurstSeries[];
  figures: ProofFigure[];
  /** One a direction that is cut; absent if none is. */
  cuts?: CutMet[];
  /** What was asked for, in words, and whether the probes agree. */
  requested: string;
  /** What could not be probed and rests on the emulator's own word, or is approximated. */
  declared: string[];
  holds: boolean;
  reason: string;
}
