export interface PlannedFlow {
  name: string;
  direction: CallDirection;
  /** Node that places the calls (a phone, or a carrier for inbound). */
  from: string;
  /** Node that answers them, `any-carrier` for outbound, or a service of the PBX. */
  to: string;
  /** Who talks to the caller in the end; `pbx` is a voice of its own, such as voicemail. */
  answers: 'phone' | 'carrier' | 'pbx';
  /** An emergency number is called. */
  emergency: boolean;
  /** An IVR is called, which connects to the extension that the digits name. */
  asksForDigits: boolean;
  /** User part dialled: an extension, or E.164 with +. */
  dialled: string;
  /** User part of From. */
  callerNumber: string;
  /** Which end has the numbers of the carriers' subscribers, a call each in turn; null for a call within the PBX. */
  subscriber: 'caller' | 'callee' | null;
  /** Where the caller sends its INVITEs: its registrar, or the SBC's address on a segment that the caller can reach. */
  proxy: { address: string; port: number };
  /** The carrier that delivers a call which `from` could not deliver; absent for none. */
  alternate?: { from: string; proxy: { address: string; port: number } };
  /** When the flow starts; its first call comes an interval later. */
  startMs: number;
  /** Attempts a second. */
  ratePerS: number;
  /** How long an answered call stays up. */
  holdMs: number;
  /** Parties that pause, and tell comfort noise meanwhile (RFC 3389); absent: none. */
  pauses?: ('caller' | 'callee')[];
  /** What the caller dials once it was answered, and how it sends that. */
  digits: { text: string; mode: 'rfc4733' | 'info' | 'inband' } | null;
}

export type CallDirection = 'outbound' | 'inbound' | 'internal';

export interface PlannedCall {
  /** `<flow>-<n>`, n from 1: also SIPp's call number. */
  id: string;
  flow: string;
  direction: CallDirection;
  /** The Call-ID header at the caller: the same on every leg over a proxy, another one behind a PBX. */
  sipCallId: string;
  caller: string;
  /** User part dialled, and that of From. */
  dialled: string;
  callerNumber: string;
  /** Planned start on the lab axis. */
  atMs: number;
  holdMs: number;
  /** Local RTP port at the caller. */
  callerMediaPort: number;
}
