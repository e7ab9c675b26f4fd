import { EVENT_DIGITS } from '../../../audio/dtmf.js';
import type { RtpStream } from '../../../evidence/types.js';
import type { Payloads } from '../formats.js';
import type { ToldDigit } from './digits.js';

/** What a duration of 16 bits can say. */
const LONGEST_TICKS = 0xffff;

/**
 * Digits sent as telephone events (RFC 4733): one for each SSRC, timestamp and event, however many packets tell it. An
 * event longer than 0xFFFF ticks goes on under a new timestamp (§2.5.1.3), which is where the last one ends.
 */
export function eventDigits(streams: readonly RtpStream[], payloads: Payloads): ToldDigit[] {
  const digits = streams.flatMap((stream) => eventsOf(stream, payloads));
  return digits.sort((a, b) => a.atMs - b.atMs);
}

interface Event {
  told: ToldDigit;
  ticks: number;
  ticksPerMs: number;
  firstTimestamp: number;
}

function eventsOf(stream: RtpStream, payloads: Payloads): ToldDigit[] {
  const events = new Map<string, Event>();
  for (let i = 0; i < stream.payloadType.length; i++) {
    const format = payloads.get(stream.payloadType[i]!);
    const payload = stream.payload[i]!;
    const digit = EVENT_DIGITS[payload[0] ?? -1];
    if (format?.codec.toUpperCase() !== 'TELEPHONE-EVENT' || payload.length < 4 || digit === undefined)
      continue;
    const timestamp = stream.timestamp[i]!;
    const key = (at: number): string => `${at >>> 0} ${digit}`;
    const event =
      events.get(key(timestamp)) ??
      events.get(key(timestamp - LONGEST_TICKS)) ??
      begin(stream, i, digit, format.clockHz / 1000);
    events.set(key(timestamp), event);
    const ticks = ((timestamp - event.firstTimestamp) >>> 0) + ((payload[2]! << 8) | payload[3]!);
    event.ticks = Math.max(event.ticks, ticks);
  }
  return [...new Set(events.values())].map(({ told, ticks, ticksPerMs }) => ({
    ...told,
    durationMs: ticks / ticksPerMs,
  }));
}

function begin(stream: RtpStream, i: number, digit: string, ticksPerMs: number): Event {
  const atMs = stream.atMs[i]!;
  const evidence = { file: stream.file, frame: stream.frame[i]!, atMs, note: `event ${digit}` };
  const told: ToldDigit = { digit, channel: 'event', atMs, durationMs: null, evidence };
  return { told, ticks: 0, ticksPerMs, firstTimestamp: stream.timestamp[i]! };
}
