/**
 * A queueing discipline or class as it's given to tc, and what tc must show of it afterwards. Its parent is the device
 * (`root`) or a class such as `1:1`.
 */
export interface Qdisc {
  object: 'qdisc' | 'class';
  kind: 'netem' | 'tbf' | 'htb' | 'bfifo' | 'pfifo';
  parent: string;
  /** `1:`; null leaves it to the kernel. */
  handle: string | null;
  /** What follows the kind. */
  args: string[];
  /** null where tc shows none. */
  shown: Shown | null;
  /** The kernel can't change it once it's there; its classes hold what can. */
  fixed?: true;
}

/**
 * Figures as `tc -j` shows them, flattened (`delay.jitter`), times in s, rates in bytes/s. Those that tc rounds have a
 * tolerance of their own.
 */
export type Shown = Record<string, number | { about: number; within: number }>;

/** More than any link of a lab can hold. */
export const ENDLESS_PACKETS = 1_000_000;
export const ENDLESS_BYTES = 1_000_000_000;

/**
 * 1 TB/s: no packet takes as long as two nanoseconds. netem keeps the order of packets if it has a rate, and only then:
 * it counts each delay from when the packet in front is due, so that a jitter never reorders.
 */
export const ORDER_KEEPING_RATE_BITS_PER_S = 8e12;
