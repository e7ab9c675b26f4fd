import { constants } from 'node:fs';
import { messageOf } from '../errors.js';
import { close, open } from './descriptors.js';
import { checked, declare } from './libc.js';

const libcSetns = declare<(fd: number, type: number) => number>('int setns(int, int)');

const CLONE_NEWNET = 0x40000000;

/** Moves the calling thread into the network namespace behind an open descriptor. */
function enter(fd: number, path: string): void {
  checked(libcSetns(fd, CLONE_NEWNET), 'setns', path);
}

/**
 * Runs `action` on this thread inside a network namespace (`/proc/PID/ns/net`) and comes back. What it opens there
 * (sockets, TAPs) stays there afterwards. `action` must be synchronous and must not start threads or use Node's
 * thread pool: those would inherit the namespace. A thread that cannot come back would do everything later in the wrong
 * network, so then the process is aborted. Throws SystemCallError if the namespace can't be entered (ENOENT, EPERM).
 */
export function inNamespace<T>(netnsPath: string, action: () => T): T {
  const home = open('/proc/thread-self/ns/net', constants.O_RDONLY);
  try {
    const target = open(netnsPath, constants.O_RDONLY);
    try {
      enter(target, netnsPath);
    } finally {
      close(target);
    }
    try {
      return action();
    } finally {
      comeBack(home);
    }
  } finally {
    close(home);
  }
}

function comeBack(home: number): void {
  try {
    enter(home, 'own namespace');
  } catch (error) {
    process.stderr.write(`a thread is stuck in a foreign network namespace: ${messageOf(error)}\n`);
    process.abort();
  }
}
