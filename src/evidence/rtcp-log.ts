import { parseRtcp, type RtcpReport } from './rtcp.js';
import type { Datagram } from './datagram.js';
import type { Tally } from './tally.js';
import type { Endpoint, Seen } from './types.js';

/** Sender reports that an answer may still come to. */
const MOST_AWAITED = 16384;
const MS_PER_UNIT = 1000 / 65536;

/** Collects the RTCP of one capture, and measures round trips at its point. */
export class RtcpLog {
  readonly reports: RtcpReport[] = [];
  /** When the sender report passed, by its SSRC and the middle of its NTP time. */
  private readonly passedMs = new Map<string, number>();

  /** Keeps no more than `most` reports. */
  constructor(
    private readonly problems: Tally,
    private readonly most: number,
  ) {}

  /** Takes a datagram that looks like RTCP. */
  add(datagram: Datagram, seen: Seen, src: Endpoint, dst: Endpoint): void {
    for (const content of parseRtcp(datagram) ?? []) {
      const { sender, ssrc, blocks } = content;
      if (sender) this.remember(`${ssrc} ${sender.ntpMiddle}`, datagram.atMs);
      for (const block of blocks) {
        const passedMs = this.passedMs.get(`${block.ssrc} ${block.lastReport}`);
        if (passedMs === undefined || block.lastReport === 0) continue;
        const roundTripMs = datagram.atMs - passedMs - block.delaySinceLastReport * MS_PER_UNIT;
        // The unit of the delay, and what clocks drift meanwhile, may make it a little less than nothing.
        if (roundTripMs > -1) block.roundTripMs = Math.max(0, roundTripMs);
      }
      if (this.reports.length < this.most) this.reports.push({ seen, src, dst, ...content });
      else this.problems.note('RTCP report beyond the number that is kept', datagram.frame);
    }
  }

  private remember(key: string, atMs: number): void {
    if (this.passedMs.has(key)) return;
    this.passedMs.set(key, atMs);
    if (this.passedMs.size <= MOST_AWAITED) return;
    for (const oldest of this.passedMs.keys()) {
      this.passedMs.delete(oldest);
      return;
    }
  }
}
