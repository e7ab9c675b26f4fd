import type { CaptureMark } from './captured-frame.js';
import { RtpFigures, type RtpStatistics } from './rtp-statistics.js';
import type { RtpPacket } from './rtp-packet.js';
import type { RtpConsumer, RtpFlow } from './rtp.js';
import type { SdpAudio } from './types.js';

/** How many packets of a stream had this payload type, and what that was announced to mean (null: by nobody). */
export interface PayloadShare {
  type: number;
  packets: number;
  format: Pick<SdpAudio['payloads'][number], 'codec' | 'clockHz'> | null;
}

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
  /** In order of first appearance. */
  payloadTypes: PayloadShare[];
  /** Of them: RFC 4733 telephone events, and RFC 3389 comfort noise. */
  eventPackets: number;
  comfortNoisePackets: number;
  figures: RtpStatistics;
  /** Clock that the jitter was worked out with. */
  clockHz: number;
  /** As the capture names it; empty if there's only one and it has no name. */
  interface: string;
  /** Where to read on from to see all of its packets again; null for the beginning of the capture. */
  mark: CaptureMark | null;
}

/** Meaning of a payload type in a stream; null if nobody told. */
export type FormatOf = (flow: RtpFlow, type: number) => PayloadShare['format'];

/** Sums a stream up while its packets come, in memory that doesn't grow with them. */
export class StreamSummarizer implements RtpConsumer {
  private readonly shares: PayloadShare[] = [];
  /** That of the packet before. */
  private latest: PayloadShare | undefined;
  private readonly figures: RtpFigures;
  private payloadBytes = 0;
  private firstMs = Infinity;
  private lastMs = -Infinity;
  private lastFrame = 0;

  constructor(
    private readonly flow: RtpFlow,
    private readonly origin: Pick<StreamSummary, 'firstFrame' | 'interface' | 'mark'>,
    firstType: number,
    private readonly formatOf: FormatOf,
  ) {
    this.figures = new RtpFigures(formatOf(flow, firstType)?.clockHz ?? 8000);
  }

  packet(packet: RtpPacket): void {
    const share = this.latest?.type === packet.payloadType ? this.latest : this.share(packet.payloadType);
    share.packets++;
    this.payloadBytes += packet.end - packet.start;
    const { atMs } = packet;
    if (atMs < this.firstMs) this.firstMs = atMs;
    if (atMs > this.lastMs) this.lastMs = atMs;
    this.lastFrame = packet.frame;
    this.figures.add(atMs, packet.sequence, packet.timestamp, isEvent(share));
  }

  summary(): StreamSummary {
    const { shares, payloadBytes, firstMs, lastMs, lastFrame, figures } = this;
    const count = (which: (share: PayloadShare) => boolean) =>
      shares.reduce((sum, share) => sum + (which(share) ? share.packets : 0), 0);
    return {
      ...this.origin,
      packets: count(() => true),
      payloadBytes,
      lastFrame,
      firstMs,
      lastMs,
      payloadTypes: shares,
      eventPackets: count(isEvent),
      comfortNoisePackets: count(({ format }) => format?.codec.toUpperCase() === 'CN'),
      figures: figures.figures(),
      clockHz: figures.clockHz,
    };
  }

  private share(type: number): PayloadShare {
    let share = this.shares.find((known) => known.type === type);
    if (!share) this.shares.push((share = { type, packets: 0, format: this.formatOf(this.flow, type) }));
    return (this.latest = share);
  }
}

const isEvent = ({ format }: PayloadShare) => format?.codec.toLowerCase() === 'telephone-event';
