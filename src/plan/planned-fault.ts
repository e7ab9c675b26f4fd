import type { Impairment, Match } from './impairment.js';
import type { PlannedRecord } from './planned-lab.js';
import type { Trace } from './traces/types.js';

type CutMode = 'blackhole' | 'reject' | 'carrier-down' | 'one-way';

export type LinkAction =
  | { kind: 'cut'; mode: Exclude<CutMode, 'one-way'> }
  /** Packets sent by `from` are dropped; the other direction lives. */
  | { kind: 'cut'; mode: 'one-way'; from: string }
  /** `from` null: both directions. `only` null: all packets that no other fault is for. */
  | { kind: 'impair'; from: string | null; only: Match | null; impairment: Impairment }
  /** Packets that match are dropped. */
  | { kind: 'block'; from: string | null; only: Match }
  /** A profile or a trace is replayed from when the fault is applied; a direction is named by the end that sends. */
  | { kind: 'replay'; name: string; directions: { from: string; trace: Trace }[] };

/** What is done to a node. */
export type NodeAction =
  /** It is dark from `atMs` (its battery is empty) to `untilMs` (it's on again); the mains went and came before these. */
  | { kind: 'power'; upsMs: number; bootDelayMs: number }
  | { kind: 'freeze' }
  /** Statuses of its final responses to new calls and to probes; null for as ever. */
  | { kind: 'answer'; invite: number | null; options: number | null }
  /** The program, and all that it started, ended by this signal. */
  | { kind: 'crash'; program: string; signal: 'KILL' | 'SEGV' | 'ABRT' | 'TERM' }
  /** Share of one processor for all of the node. */
  | { kind: 'starve'; cpuShare: number }
  /** A nameserver answers otherwise: about `records`, which are those of the name `record` and below, or whatever is asked (null). */
  | { kind: 'dns'; answer: DnsAnswer; record: string | null; records: PlannedRecord[] };

export type DnsAnswer =
  | { how: 'none' | 'refused' | 'servfail' | 'nxdomain' | 'stale' }
  | { how: 'slow'; delayMs: number }
  /** In the form of `PlannedRecord.data`. */
  | { how: 'changed'; data: string[] };

export type FaultAction = LinkAction | NodeAction;

interface Planned {
  /** `fault-1`, `fault-2` … in order of time. */
  id: string;
  /** The entry in the scenario's timeline, from 0: repeats of one entry share it. */
  entry: number;
  /** Name of a link, or of a node. */
  target: string;
  atMs: number;
  /** Null: lasts to the end. */
  untilMs: number | null;
  /** What the emulator does not quite as asked, a sentence each; absent if it does all of it. */
  approximated?: string[];
  /** Where the entry stands in the scenario's file. */
  place: { line: number; column: number };
}

export type LinkFault = LinkAction & Planned;

export type NodeFault = NodeAction & Planned;

export type PlannedFault = LinkFault | NodeFault;

export type PowerFault = Extract<PlannedFault, { kind: 'power' }>;
