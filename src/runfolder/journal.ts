import type { FaultProof } from './proof.js';

export type {
  Neighbours,
  Modelled,
  JitterSight,
  Releases,
  ProbeSeries,
  DialSeries,
  CutMet,
  BurstSeries,
  ProofFigure,
  NodeFigureName,
  FaultProof,
} from './proof.js';

/**
 * journal.jsonl: what the live half did and when, one JSON object a line, in order of writing. `atMs` is on the lab
 * axis (negative before traffic starts) and comes from the monotonic clock.
 */
export type JournalEntry = { atMs: number } & JournalEvent;

export type JournalEvent =
  /** Monotonic against wall clock: captures carry the wall clock. wall(atMs) = wallEpochMs + atMs. Written at the epoch
   * and at the end: if the two differ by more than 5 ms the clock was stepped and times can't be trusted. With
   * monotonicEpochMs, the lab axis' zero on the monotonic clock, decision logs have their place in time. */
  | { event: 'clock'; wallEpochMs: number; monotonicEpochMs?: number }
  | { event: 'environment'; kernel: string; versions: Record<string, string>; node: string; cores: number }
  | { event: 'node-ready'; node: string; tookMs: number }
  /** All nodes are ready and all phones registered: from the start of the first node on, images being there. */
  | { event: 'lab-ready'; tookMs: number }
  | { event: 'traffic-started' }
  /** What a node went through after its power was back, or a program of it after a crash. `program` null: the node itself. */
  | {
      event: 'boot';
      node: string;
      fault: string;
      stage: BootStage;
      program: string | null;
      tookMs: number;
      reason?: string;
    }
  | { event: 'fault-applied'; fault: string }
  | { event: 'fault-healed'; fault: string }
  | { event: 'fault-proof'; fault: string; when: 'applied' | 'healed'; proof: FaultProof }
  /** A link that should be clear, before the first fault and after the last. */
  | { event: 'clear-proof'; link: string; when: 'baseline' | 'end'; proof: FaultProof }
  /** What the emulator says of a link at the end; null where it can't tell. Frames it had no room for, and how much later
   * than due it delivered those that it held. */
  | {
      event: 'emulator-counters';
      link: string;
      overrun: number | null;
      lateness: { frames: number; p99Ms: number; maxMs: number } | null;
    }
  /** Media of one leg began or ended, as SIPp told; for the live view and for pacing only, never for a verdict. */
  | { event: 'media'; call: string; node: string; state: 'early' | 'answered' | 'ended' }
  /** A phone's attempt to register ended, as SIPp told; for the live view only: what is judged is in the captures. */
  | { event: 'registration'; node: string; state: 'registered' | 'refused' | 'unanswered' }
  | { event: 'traffic-ended' }
  /** From tcpdump's own closing count. Dropped > 0 means evidence is missing. */
  | { event: 'capture-closed'; node: string; interface: string; captured: number; dropped: number | null }
  /** Pacing of the lab's own media senders: lateness of each packet against its due time. */
  | { event: 'media-pacing'; packets: number; p50Ms: number; p99Ms: number; maxMs: number }
  /**
   * A program of the lab ended while it should have run: the system's own (a finding), or the harness's (invalid); or a
   * fault ended it (scenario).
   */
  | {
      event: 'program-ended';
      node: string;
      program: string;
      owner: 'system' | 'harness' | 'scenario';
      exitCode: number | null;
      signal: string | null;
    }
  /** A thread that only sleeps, of the same priority as the lab's programs, woke up this late: so did they. */
  | {
      event: 'host-late';
      lateMs: number;
      /** When it should have woken up. Entries of before have none: they were written when traffic had ended. */
      dueMs?: number;
    }
  /** Something of the harness itself broke: the run is invalid. */
  | { event: 'harness-failed'; code: string; message: string };

/** interfaces: they are up. program: it's ready. ready: all are. cut-short: the power went again meanwhile. */
export type BootStage = 'interfaces' | 'program' | 'ready' | 'failed' | 'cut-short';
