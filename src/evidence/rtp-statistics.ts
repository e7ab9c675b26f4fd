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

/** Figures of a stream while its packets come, in memory that doesn't grow with them. */
class RtpFigures {
  private readonly order = new SequenceOrder();
  private jitter = 0;
  private maxJitter = 0;
  private jitterSum = 0;
  private jitterCount = 0;
  private maxDelta = 0;
  private begun = false;
  private lastAtMs = 0;
  /** Of the last packet that counts for jitter. */
  private measured = false;
  private measuredAtMs = 0;
  private measuredTimestamp = 0;

  /** `clockHz` is that of the timestamps. */
  constructor(readonly clockHz: number) {}

  /** Takes the next packet in order of arrival. */
  add(atMs: number, sequence: number, timestamp: number, isEvent: boolean): void {
    const place = this.order.add(sequence, timestamp);
    if (this.begun) this.maxDelta = Math.max(this.maxDelta, Math.abs(atMs - this.lastAtMs));
    this.begun = true;
    this.lastAtMs = atMs;
    // A restart has a new timestamp origin: its distance from the old one says nothing of the network.
    if (place === 'restarted') this.measured = false;
    if (place === 'ignored' || isEvent) return;
    if (this.measured) {
      const mediaMs = (((timestamp - this.measuredTimestamp) | 0) * 1000) / this.clockHz;
      this.jitter += (Math.abs(atMs - this.measuredAtMs - mediaMs) - this.jitter) / 16;
      this.maxJitter = Math.max(this.maxJitter, this.jitter);
      this.jitterSum += this.jitter;
      this.jitterCount++;
    }
    this.measured = true;
    this.measuredAtMs = atMs;
    this.measuredTimestamp = timestamp;
  }

  /** The figures up to now. */
  figures(): RtpStatistics {
    return {
      ...this.order.figures(),
      jitterMs: this.jitter,
      maxJitterMs: this.maxJitter,
      meanJitterMs: this.jitterCount > 0 ? this.jitterSum / this.jitterCount : 0,
      maxDeltaMs: this.maxDelta,
    };
  }
}

/** Figures of a stream at its capture point. */
export function rtpStatistics(
  stream: Pick<RtpStream, 'atMs' | 'sequence' | 'timestamp' | 'payloadType'>,
  options: RtpStatisticsOptions = {},
): RtpStatistics {
  const clockHz = options.clockHz ?? STATIC_PAYLOADS.get(stream.payloadType[0] ?? 0)?.clockHz ?? 8000;
  const figures = new RtpFigures(clockHz);
  const { atMs, sequence, timestamp, payloadType } = stream;
  for (let i = 0; i < sequence.length; i++) {
    const isEvent = options.eventTypes?.has(payloadType[i]!) ?? false;
    figures.add(atMs[i]!, sequence[i]!, timestamp[i]!, isEvent);
  }
  return figures.figures();
}
