/** Numbers that lengths, offsets and counts break at. */
const TELLING = [
  0, 1, 2, 3, 4, 7, 8, 12, 16, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 262144, 0x7fffffff,
];

/** Random numbers of a seed (xorshift, 32 bits). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** 0 … below − 1. */
  below(below: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % below;
  }

  /** So many, each of them any byte. */
  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** One to eight edits: bytes set, telling numbers written, pieces removed, repeated, moved, taken from another, cut off. */
export function mutated(original: Buffer, other: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let edits = 1 + random.below(8); edits > 0 && bytes.length > 0; edits--)
    bytes = edited(bytes, other, random);
  return bytes;
}

function edited(bytes: Buffer, other: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  const to = Math.min(bytes.length, at + 1 + random.below(random.of([4, 64, 1024])));
  switch (random.below(9)) {
    case 0:
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      bytes[at] = bytes[at]! ^ (1 << random.below(8));
      return bytes;
    case 3:
    case 4:
      return withNumber(bytes, at, random);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 6:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 7: {
      const from = random.below(other.length);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + to - at), bytes.subarray(at)]);
    }
    default:
      return random.below(4) === 0 ? bytes.subarray(0, at) : bytes;
  }
}

function withNumber(bytes: Buffer, at: number, random: Random): Buffer {
  const value = random.of(TELLING) - (random.below(3) === 0 ? 1 : 0);
  const size = random.of([1, 2, 4]);
  if (at + size > bytes.length) return bytes;
  const wrapped = value & (size === 4 ? -1 : 2 ** (size * 8) - 1);
  if (random.below(2) === 0) bytes.writeUIntLE(wrapped >>> 0, at, size);
  else bytes.writeUIntBE(wrapped >>> 0, at, size);
  return bytes;
}
