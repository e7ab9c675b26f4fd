import { SystemCallError, declare, errnoOf, lastErrno } from './libc.js';

const libcPpoll = declare<(fds: Uint8Array, count: number, timeout: Uint8Array | null, mask: null) => number>(
  'int ppoll(void *, ulong, const void *, const void *)',
);

const POLLIN = 0x001;
const POLLERR = 0x008;
const POLLNVAL = 0x020;
const POLLFD_BYTES = 8;
const EINTR = errnoOf('EINTR');

/**
 * Descriptors polled together for input. Waiting allocates nothing, so it suits a loop that runs for every packet.
 * The kernel's pollfd is {int fd; short events; short revents}, and a negative fd is skipped.
 */
export class PollSet {
  private bytes = new Uint8Array(16 * POLLFD_BYTES);
  private words = new Int32Array(this.bytes.buffer);
  private halves = new Int16Array(this.bytes.buffer);
  private used = 0;
  private readonly vacant: number[] = [];
  private readonly timeout = new Uint32Array(4);
  private readonly timeoutBytes = new Uint8Array(this.timeout.buffer);

  /** Adds a descriptor; returns its index for isReady, which stays until removed. */
  add(fd: number): number {
    const index = this.vacant.pop() ?? this.used++;
    if (this.used * POLLFD_BYTES > this.bytes.byteLength) this.grow();
    this.words[2 * index] = fd;
    this.halves[4 * index + 2] = POLLIN;
    this.halves[4 * index + 3] = 0;
    return index;
  }

  /** Forgets the descriptor at `index`; doesn't close it. */
  remove(index: number): void {
    this.words[2 * index] = -1;
    this.halves[4 * index + 3] = 0;
    this.vacant.push(index);
  }

  /**
   * Waits until a descriptor is ready or `timeoutMs` (fractions count to the nanosecond) are over; null waits for
   * ever. Returns how many are ready: 0 after the time is over or a signal came.
   */
  wait(timeoutMs: number | null): number {
    const timeout = timeoutMs === null ? null : this.timespec(timeoutMs);
    const ready = libcPpoll(this.bytes, this.used, timeout, null);
    if (ready >= 0) return ready;
    const errno = lastErrno();
    if (errno !== EINTR) throw new SystemCallError('ppoll', errno);
    for (let index = 0; index < this.used; index++) this.halves[4 * index + 3] = 0;
    return 0;
  }

  /** Whether the last wait found something to read (or an error to find by reading). */
  isReady(index: number): boolean {
    return this.halves[4 * index + 3] !== 0;
  }

  /** Whether the last wait found the descriptor broken: closed, or its device gone. */
  isBroken(index: number): boolean {
    return (this.halves[4 * index + 3]! & (POLLERR | POLLNVAL)) !== 0;
  }

  /** struct timespec, two 64-bit words, of which the low halves (little endian) suffice. */
  private timespec(timeoutMs: number): Uint8Array {
    const ms = Math.max(0, timeoutMs);
    const seconds = Math.floor(ms / 1000);
    this.timeout[0] = seconds;
    this.timeout[2] = Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6));
    return this.timeoutBytes;
  }

  private grow(): void {
    const bytes = new Uint8Array(2 * this.bytes.byteLength);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
    this.halves = new Int16Array(bytes.buffer);
  }
}
