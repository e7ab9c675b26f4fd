import { ETHERNET_BYTES } from '../../base/headers.js';
import type { RandomStream } from '../random.js';

/** Flips one bit of the packet, anywhere behind the Ethernet header; checksums stay as they are, so they betray it. */
export function flipBit(frame: Buffer, length: number, stream: RandomStream): void {
  const place = stream.next();
  if (length <= ETHERNET_BYTES) return;
  const bit = Math.floor(place * (length - ETHERNET_BYTES) * 8);
  const at = ETHERNET_BYTES + (bit >> 3);
  frame.writeUInt8(frame.readUInt8(at) ^ (1 << (bit & 7)), at);
}
