/** Bytes of payloads are kept together in blocks: a buffer of its own for each packet would cost more than its content. */
const BLOCK = 256 * 1024;

/** Keeps copies of payloads. */
export class PayloadArena {
  private block = Buffer.alloc(0);
  private used = 0;

  /** A lasting copy of bytes[start…end). */
  keep(bytes: Buffer, start: number, end: number): Uint8Array {
    const length = end - start;
    if (this.used + length > this.block.length) {
      this.block = Buffer.allocUnsafeSlow(Math.max(BLOCK, length));
      this.used = 0;
    }
    bytes.copy(this.block, this.used, start, end);
    this.used += length;
    return new Uint8Array(this.block.buffer, this.used - length, length);
  }
}

/** The columns of RtpStream while they grow. */
export class RtpColumns {
  length = 0;
  private capacity = 8;
  private atMs = new Float64Array(this.capacity);
  private frame = new Uint32Array(this.capacity);
  private sequence = new Uint16Array(this.capacity);
  private timestamp = new Uint32Array(this.capacity);
  private payloadType = new Uint8Array(this.capacity);
  private marker = new Uint8Array(this.capacity);
  private readonly payload: Uint8Array[] = [];

  /** Appends a packet whose RTP header is at bytes[at]. */
  push(bytes: Buffer, at: number, atMs: number, frame: number, payload: Uint8Array): void {
    if (this.length === this.capacity) this.grow();
    const row = this.length++;
    this.atMs[row] = atMs;
    this.frame[row] = frame;
    this.sequence[row] = bytes.readUInt16BE(at + 2);
    this.timestamp[row] = bytes.readUInt32BE(at + 4);
    this.payloadType[row] = bytes[at + 1]! & 127;
    this.marker[row] = bytes[at + 1]! >> 7;
    this.payload.push(payload);
  }

  lastSequence(): number {
    return this.sequence[this.length - 1]!;
  }

  lastTimestamp(): number {
    return this.timestamp[this.length - 1]!;
  }

  /** Whether any packet has one of these payload types. */
  hasPayloadType(types: ReadonlySet<number>): boolean {
    return this.payloadType.subarray(0, this.length).some((type) => types.has(type));
  }

  /** The columns, cut to their length. */
  finish() {
    const { length } = this;
    return {
      atMs: this.atMs.subarray(0, length),
      frame: this.frame.subarray(0, length),
      sequence: this.sequence.subarray(0, length),
      timestamp: this.timestamp.subarray(0, length),
      payloadType: this.payloadType.subarray(0, length),
      marker: this.marker.subarray(0, length),
      payload: this.payload,
    };
  }

  private grow(): void {
    this.capacity *= 2;
    this.atMs = extended(this.atMs, new Float64Array(this.capacity));
    this.frame = extended(this.frame, new Uint32Array(this.capacity));
    this.sequence = extended(this.sequence, new Uint16Array(this.capacity));
    this.timestamp = extended(this.timestamp, new Uint32Array(this.capacity));
    this.payloadType = extended(this.payloadType, new Uint8Array(this.capacity));
    this.marker = extended(this.marker, new Uint8Array(this.capacity));
  }
}

function extended<T extends { set(from: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}
