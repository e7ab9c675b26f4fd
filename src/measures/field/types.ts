import type { PackedStream } from '../../evidence/packed-stream.js';
import type { Endpoint, EvidenceRef, MediaEncryption, SdpAudio, SipDtmf } from '../../evidence/types.js';
import type { RtpStatistics } from '../../evidence/rtp-statistics.js';
import type { DtmfDigit } from '../hearing/dtmf/digits.js';
import type { LossPattern } from '../hearing/bursts.js';
import type { ToneName } from '../hearing/call-progress.js';
import type { Choppiness } from '../hearing/choppiness.js';
import type { Interval } from '../intervals.js';
import type { Listed } from './listed.js';
import type { HeardClass } from '../types.js';

/**
 * What is known of calls in captures that nobody planned. Times are ms after the first frame of the first capture (or on
 * the lab axis, if the captures are told to be of a run); null means that it wasn't seen or can't be known.
 */

/** How well a conclusion is founded. */
type Sure = 'certain' | 'likely' | 'possible';

export type Party = 'caller' | 'callee';

/** One SIP message, however many captures have it. */
export interface LadderMessage {
  /** At its first sighting. */
  atMs: number;
  src: Endpoint;
  dst: Endpoint;
  /** Null in a response. */
  request: string | null;
  status: number | null;
  reason: string | null;
  method: string;
  cseq: number;
  branch: string | null;
  /** The party that it travels towards; null if that can't be told. */
  towards: Party | null;
  sdp: SdpAudio | null;
  /** What an INFO told of a digit. */
  dtmf: SipDtmf | null;
  /** The same bytes went the same way before, more than a few ms ago. */
  retransmission: boolean;
  /** Every frame that shows it: one a capture, more where an interface was captured twice. */
  sights: EvidenceRef[];
}

/** A pair of hosts between which a call was set up. */
export interface Hop {
  from: Endpoint;
  to: Endpoint;
  /** All transmissions of the INVITEs that set it up, and the responses to them. */
  invites: LadderMessage[];
  responses: LadderMessage[];
}

/** All messages of one Call-ID. A proxy keeps the Call-ID, so a leg may have several hops. */
export interface Leg {
  callId: string;
  callerTag: string | null;
  fromUser: string | null;
  toUser: string | null;
  messages: LadderMessage[];
  /** In order of their first INVITE; empty if the capture has none. */
  hops: Hop[];
  /** Headers of the first INVITE that may tell which other leg belongs to it: see slimSip. */
  headers: [name: string, value: string][];
}

/** Why two legs are taken for one call. */
export interface Join {
  /** Call-IDs. */
  from: string;
  to: string;
  by: 'media' | 'header' | 'user-and-time';
  sure: Sure;
  /** What they share, in words. */
  reason: string;
  evidence: EvidenceRef[];
}

/** An address that an SDP of the call announced for media. */
export interface Announcement {
  call: number;
  atMs: number;
  /** The party whose side announced it: media to it travels towards that party. */
  side: Party;
  /** Index of the hop whose SDP it was. */
  hop: number;
  sdp: SdpAudio;
  /** Who sent the SDP. */
  by: Endpoint;
  evidence: EvidenceRef;
}

/** RTP of a call that was seen at one point. */
export interface CallStream {
  file: string;
  src: Endpoint;
  dst: Endpoint;
  ssrc: number;
  firstAt: number;
  lastAt: number;
  /** The first frame, and the last. */
  frames: [number, number];
  towards: Party;
  hop: number;
  /** What makes it the call's: addresses of SDP on both ends, on one, or only that it continues what is the call's. */
  by: 'both-ends' | 'destination' | 'source' | 'symmetric' | 'ports' | 'ssrc';
  codec: string | null;
  figures: RtpStatistics;
  holes: PacketHole[];
  /** How its keys are agreed on if it's SRTP, as both sides' SDP say; null if it's plain, or nobody says. */
  encryption: MediaEncryption | null;
  /** From the capture to whoever receives it and back, by its RTCP: the median. Null if there's none that tells. */
  roundTripMs: number | null;
}

/** While its packets are at hand. */
export interface PlayedStream extends CallStream {
  stream: PackedStream;
}

/** No packet came for a while. `lost`: the sequence numbers say that some were sent; `paused`: none were. */
export interface PacketHole extends Interval {
  kind: 'lost' | 'paused';
  /** Packets that never came. */
  packets: number;
  /** The frames before and after it. */
  frames: [number, number];
}

/** How close to the ear it was captured. */
export type CapturePlace = 'at-ear' | 'at-sender' | 'between';

export interface FieldEar {
  /** The capture that was listened to, and where on the way of this media it was taken. */
  file: string;
  place: CapturePlace;
  placeReason: string;
  /** `signature`: it's known whose voice it was; `activity`: only what kind of sound. */
  judgedBy: 'signature' | 'activity';
  /** What was listened to: while the call was up, or else its early media. */
  heard: Interval;
  /** Null if the codec isn't decoded: see `unheard`. */
  class: HeardClass | null;
  unheard: string | null;
  /** Share of the time up in which the other party's signature was heard, 0–1; null without signatures. */
  heardShare: number | null;
  /** Share of frames of 20 ms above comfort noise, 0–1. */
  activeShare: number | null;
  tone: ToneName | null;
  segments: { fromMs: number; toMs: number; class: HeardClass; sound?: 'speech' | 'steady' | null }[];
  /** DTMF towards this ear: RTP events, tones in its audio, and SIP INFO; the same press on two of them is marked. */
  digits: DtmfDigit[];
  /** When there was nothing to play, or, by signature, the other party wasn't heard; 240 ms and longer. */
  audioHoles: Interval[];
  delayMs: number | null;
  /**
   * From mouth to ear, the jitter buffer included: by signature, or else estimated from RTCP (both ways taken for
   * equally long; a relay that answers RTCP itself ends what is measured). Null if neither tells.
   */
  mouthToEarMs: number | null;
  /** Length of the jitter buffer that stands for the phone's; an adaptive one found its own. */
  bufferMs: number;
  /** Holes shorter than an outage; null without signatures, or where the other's was never found. */
  choppiness: Choppiness | null;
  /** This party's own voice, the jitter buffer left out; null without signatures, or if it wasn't heard. */
  echo: { delayMs: number } | null;
  /** How loss, late packets included, is spread (RFC 3611 §4.7.2); null if nothing was due. */
  loss: LossPattern | null;
  /**
   * E-model estimates on the narrowband scale. `listening` leaves the delay out; `conversational` needs one that
   * is known. `wideband` would be on a scale of its own (ITU-T G.107.1); no constants for it could be checked.
   */
  mos: { listening: number | null; conversational: number | null; wideband: null };
  /** After the jitter buffer. */
  packets: { received: number; lost: number; late: number };
}

/** Both ears' audio over one stretch of time, 8 kHz; null where nothing was to be seen. */
export type BothAudio = Record<Party, Int16Array | null>;

export interface Finding {
  code: string;
  /** A fault makes the exit code 1, a note doesn't. */
  severity: 'fault' | 'note';
  /** Numbers of the calls that it's about, counted from 1; empty for media without a call. */
  calls: number[];
  summary: string;
  evidence: EvidenceRef[];
}

export interface FieldCall {
  /** Counted from 1, by time. */
  number: number;
  legs: Leg[];
  joins: Join[];
  from: string | null;
  to: string | null;
  inviteAt: number | null;
  firstProvisionalAt: number | null;
  /** 180, or 183 with SDP, reaches the caller's end of what was captured. */
  ringbackAt: number | null;
  ringbackKind: 'local' | 'early-media' | null;
  audibleRingbackAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  finalStatus: number | null;
  finalReason: string | null;
  /** Who ended it; `between`: something between the parties did. */
  endedBy: Party | 'between' | null;
  endedWith: 'BYE' | 'CANCEL' | 'final response' | null;
  /** When a party had the other on hold (RFC 3264 §8.4): no media is due towards that party. */
  heldTimes: Record<Party, Interval[]>;
  announcements: Announcement[];
  streams: CallStream[];
  ears: Record<Party, FieldEar | null>;
  /** What sounded towards the caller before the answer; null if no media was seen then. */
  earlyAudio: HeardClass | null;
  /** Stereo recording, left what the caller heard, right the callee. */
  recording: string | null;
  evidence: EvidenceRef[];
}

/** RTP that belongs to no call that was seen set up: one way or both of a pair of addresses. */
export interface LooseMedia {
  /** A stream and, if there is one, what came back. */
  streams: CallStream[];
  ears: Record<Party, FieldEar | null>;
  recording: string | null;
}

export interface FieldAnalysis {
  calls: Listed<FieldCall>;
  loose: Listed<LooseMedia>;
  /** SIP outside of calls, by method. */
  otherSip: Record<string, number>;
  /** Clocks of captures against the first, that were corrected. */
  clocks: { file: string; aheadMs: number; messages: number }[];
  findings: Listed<Finding>;
  /** From the first to the last thing seen. */
  span: Interval | null;
}
