import { close } from './descriptors.js';
import { bind, connect, openSocket } from './ipv4-socket.js';
import { checked, declare, errnoOf, lastErrno } from './libc.js';

const libcListen = declare<(fd: number, backlog: number) => number>('int listen(int, int)');

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
    return openSocket(netnsPath, 'stream', (fd) => new NamespaceTcpSocket(fd, bind(fd, address, 0).port));
  }

  /** Has the kernel take connections, which nobody accepts. */
  listen(): void {
    checked(libcListen(this.fd, BACKLOG), 'listen', String(this.port));
  }

  /** Begins to connect, and from then on tells how far it has come. What isn't a reset (no route, no carrier) is pending. */
  dial(address: string, port: number): DialState {
    if (this.state !== 'pending') return this.state;
    if (connect(this.fd, address, port) === 0) this.state = 'open';
    else if (lastErrno() === errnoOf('EISCONN')) this.state = 'open';
    else if (lastErrno() === errnoOf('ECONNREFUSED')) this.state = 'reset';
    return this.state;
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }
}
