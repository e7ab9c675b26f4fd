import { close } from './descriptors.js';
import { SystemCallError, checked, declare, errnoOf, lastErrno } from './libc.js';
import { PollSet } from './poll-set.js';

const libcEpollCreate1 = declare<(flags: number) => number>('int epoll_create1(int)');
const libcEpollCtl = declare<(set: number, operation: number, fd: number, event: Uint8Array) => number>(
  'int epoll_ctl(int, int, int, void *)',
);
const libcEpollWait = declare<(set: number, events: Uint8Array, most: number, timeoutMs: number) => number>(
  'int epoll_wait(int, void *, int, int)',
);

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 0x001;
const EPOLLERR = 0x008;
/** struct epoll_event, {u32 events; u64 data}, is packed on x86-64 only. */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16;
const DATA_AT = EVENT_BYTES - 8;
const MOST_EVENTS = 64;
const EINTR = errnoOf('EINTR');

/**
 * As PollSet, but a wait costs by how many descriptors are ready, not by how many there are: for a thousand of which most
 * are idle.
 */
export class EpollSet implements Disposable {
  private readonly fd = checked(libcEpollCreate1(EPOLL_CLOEXEC), 'epoll_create1');
  private readonly events = Buffer.alloc(MOST_EVENTS * EVENT_BYTES);
  /** epoll_wait knows whole milliseconds only, so the wait is for the set as a whole to become ready. */
  private readonly polled = new PollSet();

  constructor() {
    this.polled.add(this.fd);
  }

  /** @param token 0 … 2³² − 1, by which tokenAt names the descriptor */
  add(fd: number, token: number): void {
    const event = Buffer.alloc(EVENT_BYTES);
    event.writeUInt32LE(EPOLLIN, 0);
    event.writeUInt32LE(token, DATA_AT);
    checked(libcEpollCtl(this.fd, EPOLL_CTL_ADD, fd, event), 'epoll_ctl');
  }

  /** Forgets a descriptor, which must still be open; doesn't close it. */
  remove(fd: number): void {
    checked(libcEpollCtl(this.fd, EPOLL_CTL_DEL, fd, Buffer.alloc(EVENT_BYTES)), 'epoll_ctl');
  }

  /**
   * Waits until a descriptor is ready or `timeoutMs` (fractions count to the nanosecond) are over; null waits for
   * ever. Returns how many can be asked about: 0 after the time is over or a signal came, 64 at most.
   */
  wait(timeoutMs: number | null): number {
    const ready = this.collect();
    if (ready > 0 || (timeoutMs !== null && timeoutMs <= 0)) return ready;
    return this.polled.wait(timeoutMs) === 0 ? 0 : this.collect();
  }

  /** Which descriptor is the `index`-th that the last wait found ready. */
  tokenAt(index: number): number {
    return this.events.readUInt32LE(index * EVENT_BYTES + DATA_AT);
  }

  /** Whether the last wait found it broken: its device gone. */
  isBrokenAt(index: number): boolean {
    return (this.events.readUInt32LE(index * EVENT_BYTES) & EPOLLERR) !== 0;
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }

  private collect(): number {
    const ready = libcEpollWait(this.fd, this.events, MOST_EVENTS, 0);
    if (ready >= 0) return ready;
    const errno = lastErrno();
    if (errno !== EINTR) throw new SystemCallError('epoll_wait', errno);
    return 0;
  }
}
