const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const PPPOE_SESSION = 0x8864;
/** Protocols of PPP (RFC 1332, RFC 5072). */
const PPP_IP: ReadonlySet<number> = new Set([0x0021, 0x0057]);
/** Address families of IPv4 and, by system, IPv6. */
const FAMILIES: ReadonlySet<number> = new Set([2, 10, 23, 24, 28, 30]);

/** Nothing that is looked into (ARP, spanning tree …), or the frame ends before that's told, or nobody knows the link type. */
export const NOT_IP = -1;
export const TOO_SHORT = -2;
const UNKNOWN_LINK = -3;

/**
 * Where the IP header of a frame begins, in bytes[start…end), or a negative number that tells why there's none. Link
 * types as in https://www.tcpdump.org/linktypes.html.
 */
export function findIp(linkType: number, bytes: Buffer, start: number, end: number): number {
  switch (linkType) {
    case 1: // Ethernet
      return afterType(bytes, start + 12, end);
    case 12:
    case 14:
    case 101: // Raw IP; 12 and 14 are what some systems write in its place.
    case 228:
    case 229:
      return start < end ? start : TOO_SHORT;
    case 0: // BSD loopback, in the byte order of whoever captured
    case 108: // OpenBSD loopback, in network byte order
      return afterFamily(bytes, start, end);
    case 113: // Linux "any", version 1
      return afterType(bytes, start + 14, end);
    case 276: // Linux "any", version 2
      return cookedV2(bytes, start, end);
    default:
      return UNKNOWN_LINK;
  }
}

/** The interface index in a frame of LINKTYPE_LINUX_SLL2, which has been found to be long enough. */
export const sll2Interface = (bytes: Buffer, start: number) => bytes.readUInt32BE(start + 4);

function afterType(bytes: Buffer, typeAt: number, end: number): number {
  let at = typeAt;
  if (at + 2 > end) return TOO_SHORT;
  let type = bytes.readUInt16BE(at);
  while (VLAN_TAGS.has(type) && at + 6 <= end) type = bytes.readUInt16BE((at += 4));
  if (type === PPPOE_SESSION && at + 10 <= end)
    return PPP_IP.has(bytes.readUInt16BE(at + 8)) ? at + 10 : NOT_IP;
  return type === 0x0800 || type === 0x86dd ? at + 2 : NOT_IP;
}

function cookedV2(bytes: Buffer, start: number, end: number): number {
  if (start + 20 > end) return TOO_SHORT;
  const type = bytes.readUInt16BE(start);
  if (type === 0x0800 || type === 0x86dd) return start + 20;
  // A VLAN tag stands between header and packet.
  return VLAN_TAGS.has(type) ? afterType(bytes, start + 22, end) : NOT_IP;
}

function afterFamily(bytes: Buffer, start: number, end: number): number {
  if (start + 4 > end) return TOO_SHORT;
  const known = FAMILIES.has(bytes.readUInt32BE(start)) || FAMILIES.has(bytes.readUInt32LE(start));
  return known ? start + 4 : NOT_IP;
}
