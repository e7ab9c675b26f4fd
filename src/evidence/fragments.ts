/** RFC 791 suggests 15 s; hosts use 30. */
const REASSEMBLY_LIMIT_MS = 30_000;
/** Datagrams under reassembly at once; each holds 64 KiB at most. */
const MOST_PENDING = 64;
const LONGEST_DATAGRAM = 65535;
const HEADER = 20;

interface Pending {
  /** An IPv4 header without options, then the payload as it comes in. */
  bytes: Buffer;
  /** One flag per 8 bytes of payload. */
  present: Uint8Array;
  /** Bytes of payload; null until the last fragment is in. */
  length: number | null;
  firstFrame: number;
  sinceMs: number;
}

/** Puts IPv4 fragments together, in bounded memory: what's too old or too much is given up and reported. */
export class FragmentStore {
  private readonly pending = new Map<string, Pending>();
  private readonly givenUp: number[] = [];

  /**
   * Adds the fragment whose IPv4 header is at bytes[at…headerEnd) and payload up to `end`. Returns the whole datagram
   * (header of 20 bytes, then the payload) if this was the last piece missing. Where fragments overlap, the first wins.
   */
  add(bytes: Buffer, at: number, headerEnd: number, end: number, frame: number, atMs: number): Buffer | null {
    this.giveUp(atMs);
    const word = bytes.readUInt16BE(at + 6);
    const offset = (word & 0x1fff) * 8;
    const more = (word & 0x2000) !== 0;
    const length = end - headerEnd;
    if (length === 0 || offset + length > LONGEST_DATAGRAM - HEADER || (more && length % 8 !== 0)) {
      this.givenUp.push(frame);
      return null;
    }
    const key = `${bytes.toString('latin1', at + 12, at + 20)}${bytes.readUInt16BE(at + 4)} ${bytes[at + 9]}`;
    const datagram = this.pending.get(key) ?? this.begin(key, frame, atMs);
    if (offset === 0) bytes.copy(datagram.bytes, 0, at, at + HEADER);
    for (let block = offset / 8; block * 8 < offset + length; block++) {
      if (datagram.present[block]) continue;
      datagram.present[block] = 1;
      const from = headerEnd + block * 8 - offset;
      bytes.copy(datagram.bytes, HEADER + block * 8, from, Math.min(from + 8, end));
    }
    if (!more) datagram.length ??= offset + length;
    if (datagram.length === null) return null;
    if (!datagram.present.subarray(0, Math.ceil(datagram.length / 8)).every(Boolean)) return null;
    this.pending.delete(key);
    return datagram.bytes.subarray(0, HEADER + datagram.length);
  }

  /** A frame of each datagram that never became whole. */
  incomplete(): number[] {
    return [...this.givenUp, ...[...this.pending.values()].map(({ firstFrame }) => firstFrame)];
  }

  private begin(key: string, firstFrame: number, sinceMs: number): Pending {
    const datagram: Pending = {
      bytes: Buffer.alloc(LONGEST_DATAGRAM),
      present: new Uint8Array(Math.ceil(LONGEST_DATAGRAM / 8)),
      length: null,
      firstFrame,
      sinceMs,
    };
    this.pending.set(key, datagram);
    return datagram;
  }

  private giveUp(nowMs: number): void {
    for (const [key, { sinceMs, firstFrame }] of this.pending) {
      if (nowMs - sinceMs < REASSEMBLY_LIMIT_MS && this.pending.size < MOST_PENDING) return;
      this.pending.delete(key);
      this.givenUp.push(firstFrame);
    }
  }
}
