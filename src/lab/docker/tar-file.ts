const BLOCK_BYTES = 512;

/** A tar archive (POSIX ustar) with one executable file. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0') + '\0';
  header.write(name, 0);
  header.write(octal(0o755, 7) + octal(0, 7) + octal(0, 7), 100);
  header.write(octal(content.length, 11) + octal(0, 11), 124);
  // The sum is taken with spaces in its own place.
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148);
  const padding = Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK_BYTES)]);
}
