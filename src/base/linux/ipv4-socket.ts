import { close } from './descriptors.js';
import { checked, declare } from './libc.js';
import { inNamespace } from './namespace.js';
import {
  AF_INET,
  SOCKADDR_BYTES,
  type SocketAddress,
  decodeAddress,
  encodeAddress,
  lengthWord,
} from './socket-address.js';

const libcSocket =
  declare<(family: number, type: number, protocol: number) => number>('int socket(int, int, int)');
const libcBind = declare<(fd: number, address: Uint8Array, length: number) => number>(
  'int bind(int, const void *, uint)',
);
const libcConnect = declare<(fd: number, address: Uint8Array, length: number) => number>(
  'int connect(int, const void *, uint)',
);
const libcGetsockname = declare<(fd: number, address: Uint8Array, length: Uint8Array) => number>(
  'int getsockname(int, void *, void *)',
);

const TYPE = { stream: 1, datagram: 2 } as const;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/**
 * Opens a non-blocking IPv4 socket inside a network namespace, and gives what `take` makes of its descriptor there. The
 * socket is closed if `take` throws, and else is the caller's to close. Throws SystemCallError.
 */
export function openSocket<T>(netnsPath: string, type: keyof typeof TYPE, take: (fd: number) => T): T {
  return inNamespace(netnsPath, () => {
    const fd = checked(libcSocket(AF_INET, TYPE[type] | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket');
    try {
      return take(fd);
    } catch (error) {
      close(fd);
      throw error;
    }
  });
}

/** Binds `address:port` and tells what came of it; port 0 takes a free one. Throws SystemCallError. */
export function bind(fd: number, address: string, port: number): SocketAddress {
  const name = encodeAddress(Buffer.alloc(SOCKADDR_BYTES), address, port);
  checked(libcBind(fd, name, SOCKADDR_BYTES), 'bind', `${address}:${port}`);
  checked(libcGetsockname(fd, name, lengthWord(Buffer.alloc(4))), 'getsockname');
  return decodeAddress(name);
}

/** Connects, or begins to: negative where it isn't done, and errno says why. */
export function connect(fd: number, address: string, port: number): number {
  const name = encodeAddress(Buffer.alloc(SOCKADDR_BYTES), address, port);
  return libcConnect(fd, name, SOCKADDR_BYTES);
}
