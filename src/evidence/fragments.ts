/** RFC 791 suggests 15 s; hosts use 30, RFC 8200 says 60. */
const REASSEMBLY_LIMIT_MS = 30_000;
/** Datagrams under reassembly at once; each holds 64 KiB at most. */
const MOST_PENDING = 64;
const LONGEST_PAYLOAD = 65535;
/** Room for two IPv6 addresses before the payload. */
const PREFIX = 32;

/** One piece of an IP datagram. */
export interface Fragment {
  version: 4 | 6;
  /** The same for all pieces of a datagram, and for no other at the same time. */
  key: string;
  bytes: Buffer;
  /** Offset of the source address; the destination's follows it. */
  addresses: number;
  /** Of the payload; that of the first piece counts. */
  protocol: number;
  /** Place of the piece in the payload. */
  offset: number;
  more: boolean;
  /** The piece is bytes[start…end). */
  start: number;
  end: number;
  frame: number;
  atMs: number;
}

/** A datagram put together: both addresses at bytes[0], the payload from `start` on. */
export interface Reassembled {
  bytes: Buffer;
  start: number;
  protocol: number;
}

interface Pending {
  version: 4 | 6;
  bytes: Buffer;
  protocol: number;
  /** One flag per 8 bytes of payload, and how many are set. */
  present: Uint8Array;
  blocks: number;
  /** Bytes of payload; null until the last fragment is in. */
  length: number | null;
  frame: number;
  sinceMs: number;
}

/** Puts IP fragments together, in bounded memory: what's too old or too much is given up and reported. */
export class FragmentStore {
  private readonly pending = new Map<string, Pending>();

  /** `giveUp` hears of each datagram that never became whole, with its first frame. */
  constructor(private readonly giveUp: (version: 4 | 6, frame: number) => void) {}

  /** Returns the whole datagram if this was the last piece missing. Where fragments overlap, the first wins. */
  add(fragment: Fragment): Reassembled | null {
    const { key, bytes, offset, more, start, end, frame, version, atMs } = fragment;
    this.dropOld(atMs);
    const length = end - start;
    if (length === 0 || offset + length > LONGEST_PAYLOAD || (more && length % 8 !== 0)) {
      this.giveUp(version, frame);
      return null;
    }
    const datagram = this.pending.get(key) ?? this.begin(fragment);
    if (offset === 0) datagram.protocol = fragment.protocol;
    for (let block = offset / 8; block * 8 < offset + length; block++) {
      if (datagram.present[block]) continue;
      datagram.present[block] = 1;
      datagram.blocks++;
      const from = start + block * 8 - offset;
      bytes.copy(datagram.bytes, PREFIX + block * 8, from, Math.min(from + 8, end));
    }
    if (!more) datagram.length ??= offset + length;
    if (datagram.length === null) return null;
    const blocks = Math.ceil(datagram.length / 8);
    // Pieces may lie beyond the last one, in captures that were made up.
    if (datagram.blocks < blocks || !datagram.present.subarray(0, blocks).every(Boolean)) return null;
    this.pending.delete(key);
    const whole = datagram.bytes.subarray(0, PREFIX + datagram.length);
    return { bytes: whole, start: PREFIX, protocol: datagram.protocol };
  }

  /** To be called after the last fragment. */
  finish(): void {
    for (const { version, frame } of this.pending.values()) this.giveUp(version, frame);
    this.pending.clear();
  }

  private begin({ key, version, bytes, addresses, protocol, frame, atMs }: Fragment): Pending {
    const datagram: Pending = {
      version,
      bytes: Buffer.alloc(PREFIX + LONGEST_PAYLOAD),
      protocol,
      present: new Uint8Array(Math.ceil(LONGEST_PAYLOAD / 8)),
      blocks: 0,
      length: null,
      frame,
      sinceMs: atMs,
    };
    bytes.copy(datagram.bytes, 0, addresses, addresses + (version === 4 ? 8 : 32));
    this.pending.set(key, datagram);
    return datagram;
  }

  private dropOld(nowMs: number): void {
    for (const [key, { sinceMs, frame, version }] of this.pending) {
      if (nowMs - sinceMs < REASSEMBLY_LIMIT_MS && this.pending.size < MOST_PENDING) return;
      this.pending.delete(key);
      this.giveUp(version, frame);
    }
  }
}
