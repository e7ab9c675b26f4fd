import type { CaptureMark } from './captured-frame.js';
import type { RtpPacket } from './rtp-packet.js';
import type { RtpConsumer } from './rtp.js';

/** What is known of a stream after a pass in which none of its packets was kept. */
export interface StreamSummary {
  packets: number;
  /** Bytes of all payloads. */
  payloadBytes: number;
  firstFrame: number;
  lastFrame: number;
  /** On the axis of the index. */
  firstMs: number;
  lastMs: number;
  /** As the capture names it; empty if there's only one and it has no name. */
  interface: string;
  /** Where to read on from to see all of its packets again; null for the beginning of the capture. */
  mark: CaptureMark | null;
}

/** Sums a stream up while its packets come, in memory that doesn't grow with them: there may be tens of thousands of these. */
export class StreamSummarizer implements RtpConsumer {
  private packets = 0;
  private payloadBytes = 0;
  private firstMs = Infinity;
  private lastMs = -Infinity;
  private lastFrame = 0;

  constructor(private readonly origin: Pick<StreamSummary, 'firstFrame' | 'interface' | 'mark'>) {}

  packet({ atMs, frame, start, end }: RtpPacket): void {
    this.packets++;
    this.payloadBytes += end - start;
    if (atMs < this.firstMs) this.firstMs = atMs;
    if (atMs > this.lastMs) this.lastMs = atMs;
    this.lastFrame = frame;
  }

  summary(): StreamSummary {
    const { origin, packets, payloadBytes, firstMs, lastMs, lastFrame } = this;
    return { ...origin, packets, payloadBytes, lastFrame, firstMs, lastMs };
  }
}
