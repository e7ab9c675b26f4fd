import type { EvidenceRef } from '../evidence/types.js';
import type { PhaseName } from '../plan/planned-expectation.js';
import type { CallDirection } from '../plan/planned-flow.js';
import type { CodecsMeasure } from './call-codecs.js';
import type { LineMeasure } from './lines.js';
import type { DigitsMeasure } from './digits.js';
import type { HangUp } from './hang-ups.js';
import type { LossPattern } from './hearing/bursts.js';
import type { ToneName } from './hearing/call-progress.js';
import type { Choppiness } from './hearing/choppiness.js';
import type { NumbersMeasure } from './numbers.js';
import type { RegistrationMeasure } from './registrations.js';
import type { PowerCycle } from './power-cycles.js';
import type { ToldFrames } from './told.js';
import type { Takeover } from './takeovers.js';

/** Times are ms on the lab axis; null means that it didn't happen or couldn't be measured, never a good default. */
export interface CallMeasure {
  id: string;
  flow: string;
  direction: CallDirection;
  sipCallId: string;
  /** Who answered in the end; null if nobody did, or the PBX itself, or it wasn't seen. */
  party: Party | null;
  /** Name of the trunk that carried the call (its final attempt), null if it reached none. */
  trunk: string | null;
  /** Every try of a trunk, in order. */
  attempts: TrunkAttempt[];
  /** First transmission of INVITE at the caller; null if the call was never placed. */
  inviteAt: number | null;
  /** First provisional that the caller can notice, so not 100 (RFC 6076 SRD). */
  firstProvisionalAt: number | null;
  /** Ringing was signalled: 180, or 183 with SDP; or, by what answers at once, the answer. */
  ringbackAt: number | null;
  ringbackKind: 'local' | 'early-media' | null;
  /** The caller could hear ringing: the 180 itself (the phone rings locally), or the first ringback tone in early media. */
  audibleRingbackAt: number | null;
  /** The caller could talk to its party: the 200, and over an IVR or a queue the party's own answer, which comes later. */
  answeredAt: number | null;
  /** What the caller dialled once it was through, and what was read of it; null for a call without digits. */
  digits: DigitsMeasure | null;
  /** The caller's number and the one dialled, at both ends; null for a call that came to no callee. */
  numbers: NumbersMeasure | null;
  /** Null for a call that was not answered. */
  codecs: CodecsMeasure | null;
  /** BYE, or the final failure response, or the last packet seen of the call; null if none of those was seen. */
  endedAt: number | null;
  /** Who hung up; null for a call that was not answered, or whose caller met no BYE. Absent from results of before. */
  hangUp?: HangUp | null;
  /** Last final response to the INVITE that the caller saw; null if none came. */
  finalStatus: number | null;
  /** Null for a call that was not answered. */
  ears: { caller: EarMeasure; callee: EarMeasure } | null;
  /** Null where it can't be known. */
  oneWay: boolean | null;
  deadAir: boolean | null;
  /** One-way or dead at the moment the call ended. */
  oneWayAtEnd: boolean | null;
  evidence: EvidenceRef[];
}

/** The phone or carrier that answered, by which leg, and when it sent its 200. */
export interface Party {
  node: string;
  callId: string;
  answeredAt: number;
}

export interface TrunkAttempt {
  trunk: string;
  /** INVITE first seen leaving for, or coming from, that trunk's carrier. */
  atMs: number;
  /** Final response on that leg, null if none came. */
  status: number | null;
  evidence: EvidenceRef;
}

/** In order of preference when more than one holds; docs/measures.md §2. */
export type HeardClass =
  | 'correct'
  | 'crosstalk'
  | 'other-stream'
  | 'echo'
  | 'tone'
  | 'other-audio'
  | 'comfort-noise'
  | 'silence'
  | 'nothing';

/** What one party heard while the call was up. */
export interface EarMeasure {
  class: HeardClass;
  /** Share of the time up in which the other party's own signature was heard, 0–1. */
  heardShare: number | null;
  /** Stretches in which it was not heard, shorter ones are choppiness. */
  outages: Outage[];
  /** Mouth to ear without the jitter buffer (network and relay), null if the signature was never found. */
  delayMs: number | null;
  /** Holes shorter than an outage; null for less than 2 s of audio, or where the other's voice was never found. */
  choppiness: Choppiness | null;
  /** This party's own voice, so long after it was said, the jitter buffer left out; null if it wasn't heard. */
  echo: { delayMs: number } | null;
  /** A call-progress tone that was heard instead of the other party at any time. */
  tone: ToneName | null;
  /** How loss, late packets included, is spread (RFC 3611 §4.7.2); null if the other party's voice was never there. */
  loss: LossPattern | null;
  /** Estimate by the E-model, narrowband scale; null if it can't be known. */
  mos: number | null;
  /**
   * Recording of what was heard, relative to the scenario's folder: both ears of a call have one, left the caller's. Null
   * if no packet arrived.
   */
  recording: string | null;
  packets: { received: number; lost: number; late: number; jitterMs: number } | null;
  /** For `other-stream` and `crosstalk`: id of the call that was heard instead. */
  heardCall: string | null;
  /**
   * What the emulators on the way were told to take of the RTP for this ear while the call was up, and the quality that the
   * E-model gives for that; null where nobody knows.
   */
  told?: { packets: number; lost: number; mos: number | null } | null;
  /** Class over time for the report, contiguous. */
  segments: { fromMs: number; toMs: number; class: HeardClass }[];
}

export interface Outage {
  startMs: number;
  endMs: number;
}

export interface Phase {
  name: PhaseName;
  fromMs: number;
  toMs: number;
}

/** Traffic by trunk over time, and what it says of failover. */
export interface FailoverMeasure {
  transitions: {
    from: string;
    to: string;
    /** It happened between these two calls. */
    afterMs: number;
    beforeMs: number;
    calls: [lastOnOld: string, firstOnNew: string];
  }[];
  expectedTransitions: number;
  excessTransitions: number;
  /** Peak of the RFC 2439-like penalty; null when there was no transition to weigh. */
  flapPenaltyPeak: number | null;
  flapping: boolean;
  /** Wald–Wolfowitz z over primary/backup; null when only one trunk was used. */
  runsZ: number | null;
  /** See PlannedExpectation `detection-time`; null if it never converged or there was no fault of the primary. */
  detectionMs: number | null;
  /** First fault applied → first call that succeeded afterwards. */
  firstSuccessMs: number | null;
  /** Last heal → first call on the primary in a row of 5 that stay there; null if it never came home, or never left. */
  settleMs: number | null;
  /** Calls tried on the primary while it was down or inside the hold-down after. */
  prematureCalls: { id: string; failed: boolean }[];
  callsLost: string[];
  evidence: EvidenceRef[];
}

/** The instrument's own health. Anything in `problems` makes the run invalid. */
export interface InstrumentMeasure {
  /** Lateness of media packets at the sender, from the captures: |gap − 20 ms|, p99. Null if no media. */
  pacingP99Ms: number | null;
  /** What proofs of clear links declare: looks that were taken again. Absent in results of older versions. */
  declared?: string[];
  problems: { code: string; summary: string; evidence: EvidenceRef[] }[];
}

/** What the wire emulator decided, by its own log, about the packets that a fault was for; frames, one way. */
export interface DecisionMeasure {
  /** Sending node. */
  from: string;
  frames: number;
  lost: number;
  cut: number;
  /** Answered with ICMP or RST. */
  refused: number;
  queueFull: number;
  tooLong: number;
  /** Decisions that are missing, because they came faster than they could be written. */
  unrecorded: number;
  /** Median of the delay given, null if none was delivered. */
  delayMs: number | null;
}

export interface Measures {
  calls: CallMeasure[];
  /** By phone, in the plan's order. */
  registrations: RegistrationMeasure[];
  phases: Phase[];
  failover: FailoverMeasure;
  /** Absent where no site has a choice of lines. */
  lines?: LineMeasure;
  instrument: InstrumentMeasure;
  powerCycles: PowerCycle[];
  /** What the emulators decided about each packet; null where nobody knows. */
  told?: ToldFrames | null;
  takeovers: Takeover[];
  /** By fault; none for one whose packets can't be told from another's, or without a log. */
  decisions: ReadonlyMap<string, DecisionMeasure[]>;
}
