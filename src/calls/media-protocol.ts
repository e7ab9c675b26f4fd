import type { Law } from '../audio/g711.js';

/** What the main thread tells the media worker, and hears back. */
export type MediaCommand =
  /** Sets the lab's epoch, on the monotonic clock: symbols of the signatures are counted from there. */
  | { kind: 'begin'; epochMonotonicMs: number }
  | { kind: 'open'; leg: string; netnsPath: string; address: string; port: number; law: Law }
  /** Starts sending, or changes what is sent or whereto; the RTP stream goes on. */
  | { kind: 'play'; leg: string; address: string; port: number; audio: MediaAudio }
  /** Its process stands still: nothing is sent, though its time goes on. */
  | { kind: 'mute'; leg: string; muted: boolean }
  /** Dials digits after a while, over what is played; the RTP stream goes on. */
  | { kind: 'dial'; leg: string; digits: string; mode: 'rfc4733' | 'inband'; afterMs: number }
  /** Its call is over: that it hears nothing is no wonder, though it may go on talking. */
  | { kind: 'over'; leg: string }
  | { kind: 'close'; leg: string }
  | { kind: 'finish' };

/** What a leg says: its own signature (key in hex), with pauses or without, or a call-progress tone. */
export type MediaAudio =
  { signature: string; turns?: { talkMs: number; pauseMs: number } } | { tone: 'ringback-us' };

export type MediaReport =
  { kind: 'ready' } | { kind: 'failed'; message: string } | { kind: 'finished'; pacing: Pacing };

/** Lateness of packets at the sender against their due time. */
export interface Pacing {
  packets: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface MediaWorkerData {
  /** One Int32, raised and notified with every command so that the worker's sleep ends. */
  commands: SharedArrayBuffer;
  /** One Int32: how many ears are deaf just now, by the worker. */
  deafEars: SharedArrayBuffer;
}
