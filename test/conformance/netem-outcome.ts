import type { PacketRecord } from './checks.js';

/** What came of a conformance run, as it crosses from the kernel that it ran on to the test that judges it. */
export interface NetemOutcome {
  /** By title of the case; null if the machine stood still too often for its times to mean anything. */
  records: Record<string, PacketRecord[] | null>;
  /** By behaviour: what was seen, or the error that it ended with. */
  behaviours: Record<string, { observed: Observed } | { error: string }>;
}

export type Observed = Record<string, unknown>;
