/**
 * journal.jsonl: what the live half did and when, one JSON object a line, in order of writing. `atMs` is on the lab
 * axis (negative before traffic starts) and comes from the monotonic clock.
 */
export type JournalEntry = { atMs: number } & JournalEvent;

export type JournalEvent =
  /** Monotonic against wall clock: captures carry the wall clock. wall(atMs) = wallEpochMs + atMs. Written at the epoch
   * and at the end: if the two differ by more than 5 ms the clock was stepped and times can't be trusted. */
  | { event: 'clock'; wallEpochMs: number }
  | { event: 'environment'; kernel: string; versions: Record<string, string>; node: string; cores: number }
  | { event: 'node-ready'; node: string; tookMs: number }
  | { event: 'traffic-started' }
  | { event: 'fault-applied'; fault: string }
  | { event: 'fault-healed'; fault: string }
  | { event: 'fault-proof'; fault: string; when: 'applied' | 'healed'; proof: FaultProof }
  /** Media of one leg began or ended, as SIPp told; for the live view and for pacing only, never for a verdict. */
  | { event: 'media'; call: string; node: string; state: 'early' | 'answered' | 'ended' }
  | { event: 'traffic-ended' }
  /** From tcpdump's own closing count. Dropped > 0 means evidence is missing. */
  | { event: 'capture-closed'; node: string; interface: string; captured: number; dropped: number | null }
  /** Pacing of the lab's own media senders: lateness of each packet against its due time. */
  | { event: 'media-pacing'; packets: number; p50Ms: number; p99Ms: number; maxMs: number }
  /** A program of the lab ended while it should have run: the system's own (a finding), or the harness's (invalid). */
  | {
      event: 'program-ended';
      node: string;
      program: string;
      owner: 'system' | 'harness';
      exitCode: number | null;
      signal: string | null;
    }
  /** What the emulator counted on an impaired link, frames of one direction, at the end of traffic. */
  | { event: 'emulator-counters'; link: string; from: string; counters: Record<string, number> }
  /** A thread that only sleeps, of the same priority as the lab's programs, woke up this late: so did they. */
  | { event: 'host-late'; lateMs: number }
  /** Something of the harness itself broke: the run is invalid. */
  | { event: 'harness-failed'; code: string; message: string };

/** One probe series: UDP packets of the lab's own sent across a link. */
export interface ProbeSeries {
  link: string;
  /** Sending node. */
  from: string;
  sent: number;
  received: number;
  /** Median one-way delay of those received, null if none were. */
  delayMs: number | null;
}

export interface FaultProof {
  /** Probes over the faulted link, a series a direction. */
  impaired: ProbeSeries[];
  /** Probes over a link that has no fault: they must get through, or the probing itself is broken. */
  control: ProbeSeries[];
  /** What was asked for, in words, and whether the probes agree. */
  requested: string;
  holds: boolean;
  reason: string;
}
