import { STATIC_PAYLOADS } from './codecs.js';
import { SequenceOrder } from './sequence-order.js';
import type { RtpStream } from './types.js';

/** Packet figures of one stream, as RFC 3550 counts them. */
export interface RtpStatistics {
  /** Packets that the sequence numbers say were sent, first to last (A.3); restarts are added up. */
  expected: number;
  /** Packets that came, duplicates too, but not those ignored. */
  received: number;
  /** Packets that never came: expected less the distinct ones received. A.3's own figure is expected − received. */
  lost: number;
  duplicates: number;
  /** Packets that came after one with a higher sequence number; duplicates aren't counted. */
  outOfOrder: number;
  /** Times that the sender began anew with another sequence number. */
  restarts: number;
  /** Single packets far out of sequence, which belong nowhere. */
  ignored: number;
  /** Interarrival jitter (A.8) after the last packet, and its greatest and mean value on the way. */
  jitterMs: number;
  maxJitterMs: number;
  meanJitterMs: number;
  /** Greatest time between two packets in a row. */
  maxDeltaMs: number;
}

export interface RtpStatisticsOptions {
  /** RTP clock. Default: that of the first packet's payload type if it has a fixed one, or else 8000. */
  clockHz?: number;
  /**
   * Payload types of telephone events. All packets of an event bear the time of its beginning (RFC 4733 §2.2), so they
   * can't tell jitter and are left out of it.
   */
  eventTypes?: ReadonlySet<number>;
}

/** Figures of a stream at its capture point. */
export function rtpStatistics(
  stream: Pick<RtpStream, 'atMs' | 'sequence' | 'timestamp' | 'payloadType'>,
  options: RtpStatisticsOptions = {},
): RtpStatistics {
  const clockHz = options.clockHz ?? STATIC_PAYLOADS.get(stream.payloadType[0] ?? 0)?.clockHz ?? 8000;
  const order = new SequenceOrder();
  const jitter = { now: 0, max: 0, sum: 0, count: 0 };
  const { atMs, sequence, timestamp, payloadType } = stream;
  let maxDeltaMs = 0;
  let last = -1;
  for (let i = 0; i < sequence.length; i++) {
    const place = order.add(sequence[i]!, timestamp[i]!);
    if (i > 0) maxDeltaMs = Math.max(maxDeltaMs, Math.abs(atMs[i]! - atMs[i - 1]!));
    // A restart has a new timestamp origin: its distance from the old one says nothing of the network.
    if (place === 'restarted') last = -1;
    if (place === 'ignored' || options.eventTypes?.has(payloadType[i]!)) continue;
    if (last >= 0) {
      const mediaMs = (((timestamp[i]! - timestamp[last]!) | 0) * 1000) / clockHz;
      jitter.now += (Math.abs(atMs[i]! - atMs[last]! - mediaMs) - jitter.now) / 16;
      jitter.max = Math.max(jitter.max, jitter.now);
      jitter.sum += jitter.now;
      jitter.count++;
    }
    last = i;
  }
  return {
    ...order.figures(),
    jitterMs: jitter.now,
    maxJitterMs: jitter.max,
    meanJitterMs: jitter.count > 0 ? jitter.sum / jitter.count : 0,
    maxDeltaMs,
  };
}
