import { createHash } from 'node:crypto';

/** A generator of numbers uniform in [0, 1). */
export interface RandomStream {
  next(): number;
}

/**
 * A stream fixed by its key alone: sfc32 (C. Doty-Humphrey's Small Fast Chaotic generator, PractRand), whose state is
 * taken from the key's SHA-256, so streams of different keys are unrelated. Allocates nothing per number.
 */
export function randomStream(key: string): RandomStream {
  const digest = createHash('sha256').update(key).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  return {
    next() {
      const sum = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      return (sum >>> 0) / 2 ** 32;
    },
  };
}
