import { NOISE_PAYLOAD_TYPE } from '../audio/comfort-noise.js';

/** A talker that heard no RTP for so long, in a call that is up, counts as deaf just now; holes in calls are counted from here, too. */
const DEAF_AFTER_MS = 240;

/**
 * Whether RTP still reaches a talker, for the live view alone: what it heard is judged from the captures. Times are ms on one
 * clock.
 */
export class Ear {
  /** Null: no call is up, or it was told of a pause. */
  private quietSinceMs: number | null = null;
  private isUp = false;

  /** Its call is up from now on. */
  answered(nowMs: number): void {
    if (this.isUp) return;
    this.isUp = true;
    this.quietSinceMs = nowMs;
  }

  /** A packet of RTP reached it. One that tells comfort noise (RFC 3389) explains why none follow. */
  reached(packet: Uint8Array, nowMs: number): void {
    if (!this.isUp) return;
    const payloadType = (packet[1] ?? 0) & 0x7f;
    this.quietSinceMs = payloadType === NOISE_PAYLOAD_TYPE ? null : nowMs;
  }

  /** Its call is over, whether it was told or not. */
  over(): void {
    this.isUp = false;
    this.quietSinceMs = null;
  }

  isDeaf(nowMs: number): boolean {
    return this.quietSinceMs !== null && nowMs - this.quietSinceMs > DEAF_AFTER_MS;
  }
}
