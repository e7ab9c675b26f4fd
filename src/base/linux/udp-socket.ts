import { close, ioctl } from './descriptors.js';
import { bind, connect, openSocket } from './ipv4-socket.js';
import { SystemCallError, checked, declare, errnoOf, lastErrno } from './libc.js';
import {
  SOCKADDR_BYTES,
  type SocketAddress,
  decodeAddress,
  encodeAddress,
  lengthWord,
} from './socket-address.js';

const libcSetsockopt = declare<
  (fd: number, level: number, option: number, value: Uint8Array, length: number) => number
>('int setsockopt(int, int, int, const void *, uint)');
const libcSendto = declare<
  (
    fd: number,
    data: Uint8Array,
    length: number,
    flags: number,
    to: Uint8Array | null,
    toLength: number,
  ) => number
>('intptr_t sendto(int, const void *, uintptr_t, int, const void *, uint)');
const libcRecvfrom = declare<
  (
    fd: number,
    data: Uint8Array,
    size: number,
    flags: number,
    from: Uint8Array,
    fromLength: Uint8Array,
  ) => number
>('intptr_t recvfrom(int, void *, uintptr_t, int, void *, void *)');

const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
/** linux/sockios.h: when the kernel took in the datagram that was read last, on the wall clock. */
const SIOCGSTAMPNS = 0x8907;
const TIMESPEC_BYTES = 16;
/** Room for some seconds of 100 media streams, should the reader be held up. */
const RECEIVE_BUFFER_BYTES = 1 << 20;
const LARGEST_DATAGRAM_BYTES = 65_535;
const EAGAIN = errnoOf('EAGAIN');

export interface Datagram {
  /** A copy of its own. */
  data: Buffer;
  from: SocketAddress;
}

/**
 * A non-blocking IPv4 UDP socket that lives in another network namespace than the thread that uses it. `fd` is for a
 * PollSet. Its calls throw SystemCallError (`code`: ENETUNREACH, ECONNREFUSED once connected …).
 */
export class NamespaceUdpSocket implements Disposable {
  private readonly peer = Buffer.alloc(SOCKADDR_BYTES);
  private readonly sender = Buffer.alloc(SOCKADDR_BYTES);
  private readonly senderLength = Buffer.alloc(4);
  private readonly inbox = Buffer.allocUnsafe(LARGEST_DATAGRAM_BYTES);
  private readonly stamp = Buffer.alloc(TIMESPEC_BYTES);
  private peerAddress = '';
  private peerPort = 0;

  private constructor(
    readonly fd: number,
    /** Dotted IPv4 that it's bound to. */
    readonly address: string,
    readonly port: number,
  ) {}

  /** Binds `address:port` inside the namespace; port 0 takes a free one. */
  static open(netnsPath: string, address: string, port: number): NamespaceUdpSocket {
    return openSocket(netnsPath, 'datagram', (fd) => {
      setSocketOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
      const local = bind(fd, address, port);
      return new NamespaceUdpSocket(fd, local.address, local.port);
    });
  }

  /** Fixes the peer: from then on an ICMP rejection surfaces as ECONNREFUSED on the next send or receive. */
  connect(address: string, port: number): void {
    checked(connect(this.fd, address, port), 'connect', `${address}:${port}`);
  }

  /** Sends one datagram. False if the socket's buffer is full: the datagram is gone. */
  send(data: Uint8Array, address: string, port: number): boolean {
    if (address !== this.peerAddress || port !== this.peerPort) {
      encodeAddress(this.peer, address, port);
      this.peerAddress = address;
      this.peerPort = port;
    }
    const sent = libcSendto(this.fd, data, data.byteLength, 0, this.peer, SOCKADDR_BYTES);
    if (sent >= 0) return true;
    const errno = lastErrno();
    if (errno === EAGAIN) return false;
    throw new SystemCallError('sendto', errno, `${address}:${port}`);
  }

  /** The next datagram that has arrived, or null if there is none now. */
  receive(): Datagram | null {
    lengthWord(this.senderLength);
    const count = libcRecvfrom(this.fd, this.inbox, this.inbox.byteLength, 0, this.sender, this.senderLength);
    if (count >= 0)
      return { data: Buffer.from(this.inbox.subarray(0, count)), from: decodeAddress(this.sender) };
    const errno = lastErrno();
    if (errno === EAGAIN) return null;
    throw new SystemCallError('recvfrom', errno);
  }

  /**
   * When the kernel took in the datagram that was received last, ms since 1970 on the wall clock; null if it didn't note
   * that. It begins to do so with the first call.
   */
  receivedWallMs(): number | null {
    try {
      ioctl(this.fd, SIOCGSTAMPNS, this.stamp);
    } catch (error) {
      if (error instanceof SystemCallError && error.code === 'ENOENT') return null;
      throw error;
    }
    return Number(this.stamp.readBigInt64LE(0)) * 1000 + Number(this.stamp.readBigInt64LE(8)) / 1e6;
  }

  /** Sets an integer option, such as SOL_SOCKET / SO_PRIORITY. */
  setOption(level: number, option: number, value: number): void {
    setSocketOption(this.fd, level, option, value);
  }

  close(): void {
    close(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function setSocketOption(fd: number, level: number, option: number, value: number): void {
  const word = Buffer.alloc(4);
  word.writeInt32LE(value);
  checked(libcSetsockopt(fd, level, option, word, 4), 'setsockopt');
}
