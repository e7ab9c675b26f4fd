import { createHash } from 'node:crypto';

/** 32-bit unsigned number from SHA-256 of the parts: the same parts, the same number. */
export function seedOf(...parts: (string | number)[]): number {
  return createHash('sha256').update(parts.join('\n')).digest().readUInt32BE(0);
}

/** Number in [0, 1) from the same. */
export const fractionOf = (...parts: (string | number)[]): number => seedOf(...parts) / 2 ** 32;
