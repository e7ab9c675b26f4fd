import type { EvidenceRef } from '../../evidence/types.js';

/** What a report shows of a scenario's calls beside their measures; nothing is judged by it. Times are ms on the lab axis. */
export interface CallDetails {
  schemaVersion: 1;
  /** In the order of the plan. */
  calls: CallDetail[];
  /** Cited packets that are of a call. */
  cited: CitedPacket[];
}

export interface CallDetail {
  /** Id of the call. */
  id: string;
  /** Of all its legs, in order of time. */
  ladder: LadderStep[];
  /** Null for an ear of which there is no recording. */
  caller: EarPicture | null;
  callee: EarPicture | null;
}

/** One SIP message on its way from a node to the next that speaks SIP. */
export interface LadderStep {
  /** It left, or was first seen. */
  atMs: number;
  /** It was seen arriving; null: it was not. */
  arrivedMs: number | null;
  /** There is a capture at `to`, which would show it. */
  watched: boolean;
  from: string;
  to: string;
  /** `INVITE`, `180 Ringing`; as it was on the wire. */
  text: string;
  sdp: boolean;
  /** The same bytes were sent before. */
  again: boolean;
  /** Every sighting of it, in order of time. */
  sights: EvidenceRef[];
}

/** A recording, as coarse as a page can show it. */
export interface EarPicture {
  /** Where its first column begins. */
  fromMs: number;
  columnMs: number;
  /** A character a column, 0–9A–Za–z-_ for 0–63: the square root of the loudest sample, 63 is full scale. */
  peaks: string;
  /**
   * A spectrogram: for each column its bands from the lowest up, a digit 0–7 each: 0 is less than −50 dB of a
   * full-scale tone, each further one 6 dB more.
   */
  levels: string;
  bands: number;
  /** Upper end of the highest band. */
  topHz: number;
}

export interface CitedPacket {
  file: string;
  frame: number;
  /** Id of the call. */
  call: string;
}
