import { isIPv4 } from 'node:net';
import { emptyDatagram, type Datagram } from './datagram.js';
import type { RtpFlow } from './rtp.js';

/** A datagram as those of a flow have it: addresses and ports, nothing else. */
export function wireFlow({ src, dst, interface: index }: RtpFlow): Datagram {
  const version = isIPv4(src.address) ? 4 : 6;
  const bytes = Buffer.concat([addressBytes(src.address), addressBytes(dst.address)]);
  const ports = { srcPort: src.port, dstPort: dst.port };
  return { ...emptyDatagram(), bytes, version, ...ports, interface: index };
}

/** An address in its canonical form, as bytes. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = withoutDots(address).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [left, right] = [groups(head), groups(tail)];
  const bytes = Buffer.alloc(16);
  left.forEach((group, i) => bytes.writeUInt16BE(group, i * 2));
  right.forEach((group, i) => bytes.writeUInt16BE(group, 16 - (right.length - i) * 2));
  return bytes;
}

/** Some IPv6 addresses are written with an IPv4 one at their end. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number);
    return `${((a! << 8) | b!).toString(16)}:${((c! << 8) | d!).toString(16)}`;
  });
}
