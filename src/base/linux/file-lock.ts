import { constants } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DeadairError, ExitCode } from '../errors.js';
import { close, open } from './descriptors.js';
import { SystemCallError, declare, errnoOf, lastErrno } from './libc.js';

const libcFlock = declare<(fd: number, operation: number) => number>('int flock(int, int)');
const LOCK_EX = 2;
const LOCK_NB = 4;
const POLL_MS = 100;

/** A lock on a file, by flock(2): whoever holds it lets go when it ends, in whatever way. */
export class FileLock {
  private constructor(private readonly fd: number) {}

  /** Takes the lock, or gives null if somebody has it; the file is made if it isn't there. */
  static tryTake(path: string): FileLock | null {
    const fd = open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
    if (libcFlock(fd, LOCK_EX | LOCK_NB) === 0) return new FileLock(fd);
    const errno = lastErrno();
    close(fd);
    if (errno === errnoOf('EWOULDBLOCK')) return null;
    throw new SystemCallError('flock', errno, path);
  }

  /**
   * Takes the lock as soon as it is free; `onWait` is told once if it isn't.
   * @throws LOCK_HELD (exit 3) after `limitMs`
   */
  static async take(path: string, limitMs: number, onWait: () => void): Promise<FileLock> {
    const deadline = performance.now() + limitMs;
    for (let first = true; ; first = false) {
      const lock = FileLock.tryTake(path);
      if (lock) return lock;
      if (first) onWait();
      if (performance.now() > deadline)
        throw new DeadairError('LOCK_HELD', `${path} is held by another process for ${limitMs / 1000} s.`, {
          exitCode: ExitCode.labFailed,
          fix: 'See what that process does ("fuser" tells which), or end it.',
        });
      await delay(POLL_MS);
    }
  }

  release(): void {
    close(this.fd);
  }
}
