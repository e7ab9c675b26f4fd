/**
 * What a link may do to the packets of one direction, in netem's terms where netem has them. One set of words for every
 * emulator, for scenario files and for the proof. Shares and correlations are 0–1, times ms.
 */
export interface Impairment {
  delay: Delay | null;
  loss: Loss | null;
  duplicate: Chance | null;
  /** One random bit of the packet is flipped. */
  corrupt: Chance | null;
  reorder: Reorder | null;
  rate: Rate | null;
  slot: Slot | null;
  /** Packets longer than this many bytes (IP length) are dropped. */
  mtuBytes: number | null;
}

export interface Chance {
  share: number;
  /** How much a draw depends on the one before, as in netem: x_n = (1 − c)·u_n + c·x_(n−1). */
  correlation: number;
}

/** Order is kept under jitter: a packet never overtakes one in front of it unless `reorder` says so. */
export interface Delay {
  ms: number;
  /** Half-width for `uniform`, standard deviation for the others. */
  jitterMs: number;
  distribution: 'uniform' | 'normal' | 'pareto' | 'paretonormal' | DistributionTable;
  correlation: number;
}

/** Inverse cumulative distribution, evenly spaced, in standard deviations from the mean (netem's *.dist files / 8192). */
interface DistributionTable {
  name: string;
  table: number[];
}

export type Loss =
  | ({ kind: 'random' } & Chance)
  /** Gilbert–Elliott: good → bad with p, bad → good with r; loses 1 − h in bad, 1 − k in good (netem's gemodel). */
  | { kind: 'gilbert-elliott'; p: number; r: number; h: number; k: number }
  /** netem's loss state: 1 good, 2 good within a burst, 3 lost in a burst, 4 isolated loss. */
  | { kind: 'four-state'; p13: number; p31: number; p32: number; p23: number; p14: number }
  /** Endlessly repeated; true loses. Not in netem. */
  | { kind: 'pattern'; lose: boolean[] };

/** A share of packets is sent at once, the others wait for the delay; with gap N only every Nth is a candidate. */
export interface Reorder extends Chance {
  gap: number;
}

export interface Rate {
  bitsPerS: number;
  /** Sent at line speed before the rate bites (token bucket); 0 for none. */
  burstBytes: number;
  /** Packets that may wait; null: computed so that `limitMs` decides. */
  limitPackets: number | null;
  /** Longest wait in the queue before a packet is dropped (tail drop): a large one shows bufferbloat. Null for no bound. */
  limitMs: number | null;
}

/** Packets are held and released together every minMs…maxMs, as a radio with time slots does. */
export interface Slot {
  minMs: number;
  maxMs: number;
  /** Packets per slot at most; null for no bound. */
  packets: number | null;
}

/** Which packets an impairment is for: everything named must match (AND). An empty match is every packet. */
export interface Match {
  protocol?: 'udp' | 'tcp' | 'icmp' | 'arp';
  /** Dotted IPv4 or CIDR. */
  source?: string;
  destination?: string;
  sourcePort?: number | [first: number, last: number];
  destinationPort?: number | [first: number, last: number];
  /** 0–63. */
  dscp?: number;
  /** By meaning; only an emulator that reads packets can do it. */
  sip?: SipMatch;
  rtp?: { ssrc?: number; payloadType?: number };
}

/** A SIP message over UDP. `first`: only that many of those that match, counted per direction from when it is set. */
export interface SipMatch {
  method?: string;
  /** A status such as 180, or a class such as '2xx'; together with method, the CSeq's. */
  status?: number | string;
  /** An INVITE inside a dialog (To tag present). */
  reinvite?: boolean;
  first?: number;
}
