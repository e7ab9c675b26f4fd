import { randomInt } from 'node:crypto';
import type { Datagram } from './datagram.js';

/** Numbers of a key: hash, SSRC, ports, interface, and both addresses (IPv6: 32 bits that stand for each). */
const WORDS = 6;
const NONE = -1;

/**
 * What is kept of each RTP stream, by interface, addresses, ports and SSRC. Made for a look-up a packet: keys stand in one
 * array, so that one costs little more than a cache line.
 */
export class FlowTable<T> {
  size = 0;
  private keys = new Int32Array(WORDS * 1024);
  /** The first entry of each bucket, and the one after each entry. */
  private buckets = new Int32Array(1024).fill(NONE);
  private following = new Int32Array(1024).fill(NONE);
  private readonly values: (T | undefined)[] = [];
  /** Both addresses of each IPv6 entry. */
  private readonly addresses: (Buffer | undefined)[] = [];
  private readonly free: number[] = [];
  /** Captures can be made up so that their streams would share a bucket, if it were known how they're spread. */
  private readonly salt = randomInt(2 ** 31);
  /** The key that is being looked for. */
  private readonly sought = new Int32Array(WORDS);

  get(datagram: Datagram, ssrc: number): T | undefined {
    const entry = this.find(datagram, ssrc);
    return entry === NONE ? undefined : this.values[entry];
  }

  /** Adds a stream that isn't in the table yet; returns its place, to delete it by. */
  add(datagram: Datagram, ssrc: number, value: T): number {
    this.seek(datagram, ssrc);
    const entry = this.free.pop() ?? this.values.length;
    if (entry === this.following.length) this.grow();
    this.size++;
    this.keys.set(this.sought, entry * WORDS);
    this.values[entry] = value;
    const { bytes, version, addresses: at } = datagram;
    this.addresses[entry] = version === 4 ? undefined : Buffer.from(bytes.subarray(at, at + 32));
    this.link(entry);
    return entry;
  }

  delete(entry: number): void {
    const bucket = this.bucketOf(entry);
    const { following } = this;
    if (this.buckets[bucket] === entry) this.buckets[bucket] = following[entry]!;
    else {
      let before = this.buckets[bucket]!;
      while (following[before] !== entry) before = following[before]!;
      following[before] = following[entry]!;
    }
    this.values[entry] = this.addresses[entry] = undefined;
    this.free.push(entry);
    this.size--;
  }

  /** In no order. */
  all(): T[] {
    return this.values.filter((value) => value !== undefined);
  }

  private find(datagram: Datagram, ssrc: number): number {
    const { keys, sought, following } = this;
    this.seek(datagram, ssrc);
    let entry = this.buckets[sought[0]! & (this.buckets.length - 1)]!;
    for (; entry !== NONE; entry = following[entry]!) {
      const at = entry * WORDS;
      if (
        keys[at] === sought[0] &&
        keys[at + 1] === sought[1] &&
        keys[at + 2] === sought[2] &&
        keys[at + 3] === sought[3] &&
        keys[at + 4] === sought[4] &&
        keys[at + 5] === sought[5] &&
        this.sameAddresses(entry, datagram)
      )
        return entry;
    }
    return NONE;
  }

  private seek(datagram: Datagram, ssrc: number): void {
    const { bytes, version, addresses } = datagram;
    const { sought } = this;
    const size = version === 4 ? 4 : 16;
    const src = folded(bytes, addresses, size);
    const dst = folded(bytes, addresses + size, size);
    const ports = (datagram.srcPort << 16) | datagram.dstPort;
    let hash = mix(mix(mix(this.salt ^ ssrc, src), dst), ports);
    // Ports are often a few apart: the last bits have to depend on all of them.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    sought[0] = hash ^ (hash >>> 13);
    sought[1] = ssrc;
    sought[2] = ports;
    sought[3] = datagram.interface;
    sought[4] = src;
    sought[5] = dst;
  }

  private sameAddresses(entry: number, { bytes, version, addresses: at }: Datagram): boolean {
    const known = this.addresses[entry];
    if (known === undefined) return version === 4;
    return version === 6 && bytes.compare(known, 0, 32, at, at + 32) === 0;
  }

  private bucketOf(entry: number): number {
    return this.keys[entry * WORDS]! & (this.buckets.length - 1);
  }

  private link(entry: number): void {
    const bucket = this.bucketOf(entry);
    this.following[entry] = this.buckets[bucket]!;
    this.buckets[bucket] = entry;
  }

  private grow(): void {
    const entries = this.following.length;
    const keys = new Int32Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    this.buckets = new Int32Array(entries * 2).fill(NONE);
    this.following = new Int32Array(entries * 2).fill(NONE);
    for (let entry = 0; entry < entries; entry++) if (this.values[entry] !== undefined) this.link(entry);
  }
}

/** A round of MurmurHash3 (32 bits). */
function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** An address as 32 bits: the whole of an IPv4 one. */
function folded(bytes: Buffer, at: number, size: number): number {
  let word = 0;
  for (let i = at; i < at + size; i += 4)
    word =
      Math.imul(word, 0x01000193) ^
      ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!);
  return word;
}
