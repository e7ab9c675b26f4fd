/** Fragment header (RFC 8200 §4.5). */
export const IPV6_FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Hop-by-hop and destination options, routing, mobility, HIP, Shim6: their length counts 8 bytes beyond the first. */
const IN_EIGHTS: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);

/** What comes after the extension headers that begin at bytes[at], the first of kind `first`: its protocol, and where. */
export function afterExtensions(
  bytes: Buffer,
  first: number,
  at: number,
  end: number,
): { next: number; payload: number } {
  let next = first;
  let payload = at;
  while ((IN_EIGHTS.has(next) || next === AUTHENTICATION) && payload + 8 <= end) {
    const length = bytes[payload + 1]!;
    // RFC 4302 §2.2 counts in words of 4 bytes, less 2.
    const skipped = next === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
    next = bytes[payload]!;
    payload += skipped;
  }
  return { next, payload };
}
