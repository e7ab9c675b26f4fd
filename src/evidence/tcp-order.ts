/** Out-of-order bytes and segments that one direction of a connection may have waiting for what is missing. */
const MOST_WAITING_BYTES = 128 * 1024;
const MOST_WAITING = 128;

/** Further away than any window in use: the ports have been reused by another connection. */
const ANOTHER_STREAM = 16 * 1024 * 1024;

/** A piece of a byte stream, with the frame it came in. */
export interface Segment {
  bytes: Buffer;
  frame: number;
  atMs: number;
}

interface Waiting extends Segment {
  sequence: number;
}

/** Signed distance of two TCP sequence numbers (RFC 9293 §3.4). */
const distance = (from: number, to: number) => (to - from) | 0;

/**
 * Puts the segments of one direction of a TCP connection in order, repeats left out, in bounded memory. What never comes is
 * given up once too much waits for it.
 */
export class TcpOrder {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;

  /** `next` is the sequence number of the first byte wanted. `gap` is told where bytes are missing. */
  constructor(
    private next: number,
    private readonly take: (segment: Segment) => void,
    private readonly gap: (frame: number) => void,
  ) {}

  /** Takes a segment; its bytes are copied if it has to wait. */
  add(sequence: number, segment: Segment): void {
    if (Math.abs(distance(this.next, sequence)) > ANOTHER_STREAM) this.restart(sequence, segment.frame);
    const ahead = distance(this.next, sequence);
    if (ahead <= 0) return this.deliver(sequence, segment);
    // The same bytes again.
    if (
      this.waiting.some((other) => other.sequence === sequence && other.bytes.length >= segment.bytes.length)
    )
      return;
    this.waiting.push({ ...segment, sequence, bytes: Buffer.from(segment.bytes) });
    this.waitingBytes += segment.bytes.length;
    if (this.waiting.length > MOST_WAITING || this.waitingBytes > MOST_WAITING_BYTES) this.skipGap();
  }

  /** Gives up on what is missing, and hands out all that waits for it. */
  finish(): void {
    while (this.waiting.length > 0) this.skipGap();
  }

  /** What is missing was received: it isn't in the capture, and will not come. */
  acknowledged(upTo: number): void {
    while (this.waiting.length > 0 && distance(this.next, upTo) > 0) this.skipGap();
  }

  private restart(sequence: number, frame: number): void {
    this.finish();
    this.next = sequence;
    this.gap(frame);
  }

  private skipGap(): void {
    const first = this.waiting.reduce((a, b) => (distance(a.sequence, b.sequence) < 0 ? b : a));
    this.next = first.sequence;
    this.gap(first.frame);
    this.drain();
  }

  private deliver(sequence: number, segment: Segment): void {
    const known = distance(sequence, this.next);
    if (known >= segment.bytes.length) return;
    this.next = (sequence + segment.bytes.length) | 0;
    this.take({ ...segment, bytes: segment.bytes.subarray(known) });
    this.drain();
  }

  private drain(): void {
    for (;;) {
      const index = this.waiting.findIndex(({ sequence }) => distance(this.next, sequence) <= 0);
      if (index < 0) return;
      const [segment] = this.waiting.splice(index, 1);
      this.waitingBytes -= segment!.bytes.length;
      const known = distance(segment!.sequence, this.next);
      if (known >= segment!.bytes.length) continue;
      this.next = (segment!.sequence + segment!.bytes.length) | 0;
      this.take({ ...segment!, bytes: segment!.bytes.subarray(known) });
    }
  }
}
