import { lawOf } from '../../audio/g711.js';
import { SAMPLES_PER_MS } from '../../audio/source.js';
import type { RtpStream } from '../../evidence/types.js';

/** An audio packet with the time at which a jitter buffer plays it. */
export interface ScheduledPacket {
  /** Index into the stream's columns. */
  index: number;
  /** Sequence number without wrap-around. */
  sequence: number;
  playMs: number;
  durationMs: number;
  /** It came after its time: discarded. */
  late: boolean;
}

/** Packets from which the anchor is taken. */
const ANCHOR_PACKETS = 10;
/** Timestamps that drift off arrivals by more than this mean a new start (docs/measures.md §3). */
const REANCHOR_MS = 500;

interface Unwrapped {
  index: number;
  sequence: number;
  /** RTP time in ms, without wrap-around. */
  rtpMs: number;
  atMs: number;
  durationMs: number;
}

/**
 * Playout times of one stream, in order of sequence number, duplicates left out:
 * play = ts/clock + min over the first 10 packets (arrival − ts/clock) + bufferMs. The anchor is taken anew only
 * at a marker with a timestamp jump, or where timestamps and arrivals part by more than 500 ms.
 * Only G.711 is played; other payload types (telephone events) only count in the sequence.
 */
export function schedule(stream: RtpStream, bufferMs: number): ScheduledPacket[] {
  const packets = unwrap(stream);
  const scheduled = new Map<number, ScheduledPacket>();
  for (const span of spansOf(packets, stream.marker)) {
    const anchor = Math.min(...span.slice(0, ANCHOR_PACKETS).map((packet) => packet.atMs - packet.rtpMs));
    for (const { index, sequence, rtpMs, atMs, durationMs } of span) {
      if (scheduled.has(sequence)) continue;
      const playMs = rtpMs + anchor + bufferMs;
      scheduled.set(sequence, { index, sequence, playMs, durationMs, late: atMs > playMs });
    }
  }
  return [...scheduled.values()].sort((a, b) => a.sequence - b.sequence);
}

function unwrap(stream: RtpStream): Unwrapped[] {
  const packets: Unwrapped[] = [];
  let sequence = stream.sequence[0] ?? 0;
  let timestamp = stream.timestamp[0] ?? 0;
  for (let index = 0; index < stream.atMs.length; index++) {
    // The differences are read as signed 16 and 32 bits: the nearer way round.
    sequence += (((stream.sequence[index] ?? 0) - sequence) << 16) >> 16;
    timestamp += ((stream.timestamp[index] ?? 0) - timestamp) | 0;
    const audible = lawOf(stream.payloadType[index] ?? -1) !== null;
    packets.push({
      index,
      sequence,
      rtpMs: timestamp / SAMPLES_PER_MS,
      atMs: stream.atMs[index] ?? 0,
      durationMs: audible ? (stream.payload[index]?.length ?? 0) / SAMPLES_PER_MS : 0,
    });
  }
  return packets;
}

/** Cuts a stream where its anchor is to be taken anew. A packet out of order is compared with none. */
function spansOf(packets: Unwrapped[], marker: Uint8Array): Unwrapped[][] {
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
  return spans;
}

function startsAnew(before: Unwrapped, packet: Unwrapped, marked: boolean): boolean {
  const stepMs = packet.rtpMs - before.rtpMs;
  const jumped = stepMs !== (packet.sequence - before.sequence) * before.durationMs;
  return (marked && jumped) || Math.abs(stepMs - (packet.atMs - before.atMs)) > REANCHOR_MS;
}
