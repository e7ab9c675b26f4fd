import { isIPv4 } from 'node:net';

export const AF_INET = 2;
export const SOCKADDR_BYTES = 16;

/** Where an IPv4 socket is, or its peer. */
export interface SocketAddress {
  /** Dotted IPv4. */
  address: string;
  port: number;
}

/** struct sockaddr_in: family in host order, port and address in network order. */
export function encodeAddress(name: Buffer, address: string, port: number): Buffer {
  if (!isIPv4(address)) throw new Error(`"${address}" is not an IPv4 address`);
  name.writeUInt16LE(AF_INET, 0);
  name.writeUInt16BE(port, 2);
  address.split('.').forEach((octet, index) => name.writeUInt8(Number(octet), 4 + index));
  return name;
}

export function decodeAddress(name: Buffer): SocketAddress {
  return { address: `${name[4]}.${name[5]}.${name[6]}.${name[7]}`, port: name.readUInt16BE(2) };
}

/** socklen_t, preset to the size of a sockaddr_in. */
export function lengthWord(word: Buffer): Buffer {
  word.writeUInt32LE(SOCKADDR_BYTES);
  return word;
}
