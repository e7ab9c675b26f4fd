import { payloadMs } from '../../audio/codecs.js';
import type { RtpStream } from '../../evidence/types.js';
import { formatOf, NO_PAYLOADS, ticksPerMs, type Payloads } from './formats.js';

/** A packet with the time at which a jitter buffer plays it. */
export interface ScheduledPacket {
  /** Index into the stream's columns. */
  index: number;
  /** Sequence number without wrap-around. */
  sequence: number;
  playMs: number;
  /** Of audio; 0 for all other packets. */
  durationMs: number;
  /** It came after its time: discarded. */
  late: boolean;
}

/** Packets from which the anchor is taken. */
const ANCHOR_PACKETS = 10;
/** Timestamps that drift off arrivals by more than this mean a new start (docs/measures.md §3). */
const REANCHOR_MS = 500;
/** The adaptive buffer: this percentile of how late packets are, and so much more, within these limits. */
const ADAPTIVE = { percentile: 0.97, headroomMs: 40, leastMs: 20, mostMs: 500 };

/** A jitter buffer of so many ms, or one that finds its own length. */
export type BufferLength = number | 'adaptive';

interface Unwrapped {
  index: number;
  sequence: number;
  /** RTP time in ms, without wrap-around. */
  rtpMs: number;
  atMs: number;
  durationMs: number;
}

interface Span {
  packets: Unwrapped[];
  /** Least transit (arrival less RTP time) of its first packets. */
  anchorMs: number;
}

/**
 * Playout times of one stream, in order of sequence number, duplicates left out:
 * play = ts/clock + min over the first 10 packets (arrival − ts/clock) + bufferMs. The anchor is taken anew only
 * at a marker with a timestamp jump, or where timestamps and arrivals part by more than 500 ms.
 */
export function schedule(
  stream: RtpStream,
  bufferMs: number,
  payloads: Payloads = NO_PAYLOADS,
): ScheduledPacket[] {
  const scheduled = new Map<number, ScheduledPacket>();
  for (const { packets, anchorMs } of spansOf(unwrap(stream, payloads), stream.marker))
    for (const { index, sequence, rtpMs, atMs, durationMs } of packets) {
      if (scheduled.has(sequence)) continue;
      const playMs = rtpMs + anchorMs + bufferMs;
      scheduled.set(sequence, { index, sequence, playMs, durationMs, late: atMs > playMs });
    }
  return [...scheduled.values()].sort((a, b) => a.sequence - b.sequence);
}

/**
 * The length in ms that an adaptive buffer settles at for these streams: the 97th percentile of how late packets come
 * beside their stream's anchor, and 40 ms, within 20–500 (docs/measures.md §3).
 */
export function adaptiveBufferMs(streams: readonly RtpStream[], payloads: Payloads = NO_PAYLOADS): number {
  const lateness = streams.flatMap((stream) =>
    spansOf(unwrap(stream, payloads), stream.marker).flatMap(({ packets, anchorMs }) =>
      packets.filter(({ durationMs }) => durationMs > 0).map(({ atMs, rtpMs }) => atMs - rtpMs - anchorMs),
    ),
  );
  lateness.sort((a, b) => a - b);
  const typical = lateness[Math.floor(lateness.length * ADAPTIVE.percentile)] ?? 0;
  return Math.min(ADAPTIVE.mostMs, Math.max(ADAPTIVE.leastMs, typical + ADAPTIVE.headroomMs));
}

function unwrap(stream: RtpStream, payloads: Payloads): Unwrapped[] {
  const packets: Unwrapped[] = [];
  const ticks = ticksPerMs(stream, payloads);
  const formats = Array.from({ length: 128 }, (_, type) => formatOf(type, payloads));
  const durationOf = (index: number): number => {
    const format = formats[stream.payloadType[index] ?? -1];
    const payload = stream.payload[index];
    return format?.kind === 'audio' && payload ? payloadMs(format.codec, payload) : 0;
  };
  let sequence = stream.sequence[0] ?? 0;
  let timestamp = stream.timestamp[0] ?? 0;
  for (let index = 0; index < stream.atMs.length; index++) {
    // The differences are read as signed 16 and 32 bits: the nearer way round.
    sequence += (((stream.sequence[index] ?? 0) - sequence) << 16) >> 16;
    timestamp += ((stream.timestamp[index] ?? 0) - timestamp) | 0;
    packets.push({
      index,
      sequence,
      rtpMs: timestamp / ticks,
      atMs: stream.atMs[index] ?? 0,
      durationMs: durationOf(index),
    });
  }
  return packets;
}

/** Cuts a stream where its anchor is to be taken anew. A packet out of order is compared with none. */
function spansOf(packets: Unwrapped[], marker: Uint8Array): Span[] {
  const spans: Unwrapped[][] = [];
  let span: Unwrapped[] = [];
  let newest: Unwrapped | undefined;
  for (const packet of packets) {
    if (!newest || packet.sequence > newest.sequence) {
      if (!newest || startsAnew(newest, packet, marker[packet.index] === 1)) {
        span = [];
        spans.push(span);
      }
      newest = packet;
    }
    span.push(packet);
  }
  return spans.map((members) => ({
    packets: members,
    anchorMs: Math.min(...members.slice(0, ANCHOR_PACKETS).map(({ atMs, rtpMs }) => atMs - rtpMs)),
  }));
}

function startsAnew(before: Unwrapped, packet: Unwrapped, marked: boolean): boolean {
  const stepMs = packet.rtpMs - before.rtpMs;
  const jumped = stepMs !== (packet.sequence - before.sequence) * before.durationMs;
  return (marked && jumped) || Math.abs(stepMs - (packet.atMs - before.atMs)) > REANCHOR_MS;
}
