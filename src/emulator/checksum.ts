/** Sum of 16-bit words, carries unfolded, to be continued or closed; an odd last byte counts as padded (RFC 1071). */
export function sumWords(bytes: Buffer, start: number, end: number, sum = 0): number {
  let total = sum;
  for (let at = start; at + 1 < end; at += 2) total += bytes.readUInt16BE(at);
  if ((end - start) % 2 === 1) total += bytes.readUInt8(end - 1) << 8;
  return total;
}

/** The Internet checksum of what was summed (RFC 1071): carries folded in, then complemented. */
export function closeChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
