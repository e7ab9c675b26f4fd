import { close } from './descriptors.js';
import { checked, declare, errnoOf, lastErrno } from './libc.js';
import { inNamespace } from './namespace.js';
import { SOCKADDR_BYTES, decodeAddress, encodeAddress, lengthWord } from './socket-address.js';

const libcSocket =
  declare<(family: number, type: number, protocol: number) => number>('int socket(int, int, int)');
const libcBind = declare<(fd: number, address: Uint8Array, length: number) => number>(
  'int bind(int, const void *, uint)',
);
const libcListen = declare<(fd: number, backlog: number) => number>('int listen(int, int)');
const libcConnect = declare<(fd: number, address: Uint8Array, length: number) => number>(
  'int connect(int, const void *, uint)',
);
const libcGetsockname = declare<(fd: number, address: Uint8Array, length: Uint8Array) => number>(
  'int getsockname(int, void *, void *)',
);

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const BACKLOG = 16;

/** How far a connection has come: under way (or without a way), open, or reset by whoever answered. */
export type DialState = 'pending' | 'open' | 'reset';

/** A non-blocking IPv4 TCP socket that lives in another network namespace than the thread that uses it. Says no byte. */
export class NamespaceTcpSocket implements Disposable {
  private state: DialState = 'pending';

  private constructor(
    private readonly fd: number,
    /** That it's bound to. */
    readonly port: number,
  ) {}

  /** Binds `address`, any free port, inside the namespace. Throws SystemCallError. */
  static open(netnsPath: string, address: string): NamespaceTcpSocket {
    return inNamespace(netnsPath, () => {
      const fd = checked(libcSocket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket');
      try {
        const name = encodeAddress(Buffer.alloc(SOCKADDR_BYTES), address, 0);
        checked(libcBind(fd, name, SOCKADDR_BYTES), 'bind', address);
        checked(libcGetsockname(fd, name, lengthWord(Buffer.alloc(4))), 'getsockname');
        return new NamespaceTcpSocket(fd, decodeAddress(name).port);
      } catch (error) {
        close(fd);
        throw error;
      }
    });
  }

  /** Has the kernel take connections, which nobody accepts. */
  listen(): void {
    checked(libcListen(this.fd, BACKLOG), 'listen', String(this.port));
  }

  /** Begins to connect, and from then on tells how far it has come. What isn't a reset (no route, no carrier) is pending. */
  dial(address: string, port: number): DialState {
    if (this.state !== 'pending') return this.state;
    const name = encodeAddress(Buffer.alloc(SOCKADDR_BYTES), address, port);
    if (libcConnect(this.fd, name, SOCKADDR_BYTES) === 0) this.state = 'open';
    else if (lastErrno() === errnoOf('EISCONN')) this.state = 'open';
    else if (lastErrno() === errnoOf('ECONNREFUSED')) this.state = 'reset';
    return this.state;
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }
}
