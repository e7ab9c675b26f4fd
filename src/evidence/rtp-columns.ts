import { payloadViews, type PackedStream } from './packed-stream.js';
import type { RtpPacket } from './rtp-packet.js';
import type { RtpStream } from './types.js';

/** The columns of an RTP stream, payloads too. */
type PackedColumns = Pick<
  PackedStream,
  'atMs' | 'frame' | 'sequence' | 'timestamp' | 'payloadType' | 'marker' | 'payloads' | 'payloadEnd'
>;

/** Bytes that the columns of so many packets take, a multiple of 8. */
export function columnBytes(packets: number, payloadBytes: number): number {
  return Math.ceil((packets * 24 + payloadBytes) / 8) * 8;
}

/** The columns of RtpStream while they grow. Payloads are kept together; views of them are made at the end. */
export class RtpColumns {
  length = 0;
  private atMs: Float64Array;
  private frame: Uint32Array;
  private sequence: Uint16Array;
  private timestamp: Uint32Array;
  private payloadType: Uint8Array;
  private marker: Uint8Array;
  /** Where each payload ends in `payloads`. */
  private payloadEnd: Uint32Array;
  private payloads: Buffer;

  /** Room for so many packets and bytes of payload from the start, at `offset` in `room`; both grow as needed. */
  constructor(
    packets = 8,
    payloadBytes = 1024,
    room = new ArrayBuffer(columnBytes(packets, payloadBytes)),
    offset = 0,
  ) {
    const after = (perPacket: number) => {
      const at = offset;
      offset += packets * perPacket;
      return at;
    };
    this.atMs = new Float64Array(room, after(8), packets);
    this.frame = new Uint32Array(room, after(4), packets);
    this.timestamp = new Uint32Array(room, after(4), packets);
    this.payloadEnd = new Uint32Array(room, after(4), packets);
    this.sequence = new Uint16Array(room, after(2), packets);
    this.payloadType = new Uint8Array(room, after(1), packets);
    this.marker = new Uint8Array(room, after(1), packets);
    this.payloads = Buffer.from(room, offset, payloadBytes);
  }

  /** Appends a packet. */
  packet(packet: RtpPacket): void {
    const { bytes, start, end } = packet;
    const row = this.length;
    if (row === this.atMs.length) this.growRows();
    const from = row === 0 ? 0 : this.payloadEnd[row - 1]!;
    const to = from + end - start;
    if (to > this.payloads.length) this.growPayloads(to);
    bytes.copy(this.payloads, from, start, end);
    this.payloadEnd[row] = to;
    this.atMs[row] = packet.atMs;
    this.frame[row] = packet.frame;
    this.sequence[row] = packet.sequence;
    this.timestamp[row] = packet.timestamp;
    this.payloadType[row] = packet.payloadType;
    this.marker[row] = packet.marker;
    this.length++;
  }

  /** The columns, cut to their length, with a view of each payload. */
  finish(): Omit<PackedColumns, 'payloads' | 'payloadEnd'> & Pick<RtpStream, 'payload'> {
    const { payloads, payloadEnd, ...columns } = this.pack();
    return { ...columns, payload: payloadViews(payloads, payloadEnd) };
  }

  /** The columns, cut to their length. */
  pack(): PackedColumns {
    const { length, payloads, payloadEnd } = this;
    const used = length === 0 ? 0 : payloadEnd[length - 1]!;
    return {
      atMs: this.atMs.subarray(0, length),
      frame: this.frame.subarray(0, length),
      sequence: this.sequence.subarray(0, length),
      timestamp: this.timestamp.subarray(0, length),
      payloadType: this.payloadType.subarray(0, length),
      marker: this.marker.subarray(0, length),
      payloads: new Uint8Array(payloads.buffer, payloads.byteOffset, used),
      payloadEnd: payloadEnd.subarray(0, length),
    };
  }

  private growRows(): void {
    const capacity = Math.max(8, this.atMs.length * 2);
    this.atMs = extended(this.atMs, new Float64Array(capacity));
    this.frame = extended(this.frame, new Uint32Array(capacity));
    this.sequence = extended(this.sequence, new Uint16Array(capacity));
    this.timestamp = extended(this.timestamp, new Uint32Array(capacity));
    this.payloadType = extended(this.payloadType, new Uint8Array(capacity));
    this.marker = extended(this.marker, new Uint8Array(capacity));
    this.payloadEnd = extended(this.payloadEnd, new Uint32Array(capacity));
  }

  private growPayloads(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.payloads.length * 2));
    this.payloads.copy(larger);
    this.payloads = larger;
  }
}

function extended<T extends { set(from: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}
