import type { Impairment } from '../impairment.js';

/** What comes after the last record: it stays; the trace begins again; or the direction is clear from then on. */
export type TraceEnd = 'hold' | 'loop' | 'stop';

interface TraceHead {
  /** A profile's name, or the trace's file. */
  name: string;
  /** Where it comes from: the recording, or the paper. */
  source: string;
  end: TraceEnd;
}

/** One direction of a link over time. It begins when it is set. */
export type Trace = TimeTrace | PacketTrace;

/** From `atMs` on, counted from the begin, the impairment is this one, whole. The first step is at 0, steps ascend. */
export interface TimeTrace extends TraceHead {
  kind: 'time';
  steps: { atMs: number; impairment: Impairment }[];
  /** When the last step is over: where a loop begins again. More than the last step's `atMs`. */
  lengthMs: number;
}

/** What becomes of the first packet, the second and so on: its delay in ms, or null for a lost one. Order is kept. */
export interface PacketTrace extends TraceHead {
  kind: 'packet';
  delaysMs: (number | null)[];
}
