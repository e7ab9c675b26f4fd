import { constants } from 'node:fs';
import { SystemCallError, checked, declare, lastErrno } from './libc.js';

const libcOpen = declare<(path: string, flags: number, mode: number) => number>('int open(str, int, uint)');
const libcClose = declare<(fd: number) => number>('int close(int)');
const libcRead = declare<(fd: number, buffer: Uint8Array, count: number) => number>(
  'intptr_t read(int, void *, uintptr_t)',
);
const libcWrite = declare<(fd: number, buffer: Uint8Array, count: number) => number>(
  'intptr_t write(int, const void *, uintptr_t)',
);
const libcIoctl = declare<(fd: number, request: number, argument: Uint8Array) => number>(
  'int ioctl(int, ulong, void *)',
);
const libcEventfd = declare<(initial: number, flags: number) => number>('int eventfd(uint, int)');

/** Not in node:fs; the same on every architecture that Node is built for. */
const O_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = constants.O_NONBLOCK;

/** Opens a file without handing it on to child processes; `flags` are those of node:fs constants, `mode` is for a file that is made. */
export function open(path: string, flags: number, mode = 0): number {
  return checked(libcOpen(path, flags | O_CLOEXEC, mode), 'open', path);
}

export function close(fd: number): void {
  checked(libcClose(fd), 'close');
}

/** Reads into the whole buffer: the bytes read, or −errno (a loop can ask for EAGAIN without paying for a throw). */
export function tryRead(fd: number, buffer: Uint8Array): number {
  const count = libcRead(fd, buffer, buffer.byteLength);
  return count < 0 ? -lastErrno() : count;
}

/** Writes the first `length` bytes: the bytes written, or −errno. */
export function tryWrite(fd: number, buffer: Uint8Array, length: number): number {
  const count = libcWrite(fd, buffer, length);
  return count < 0 ? -lastErrno() : count;
}

/** As tryRead, but throws SystemCallError. */
export function read(fd: number, buffer: Uint8Array): number {
  const count = tryRead(fd, buffer);
  if (count < 0) throw new SystemCallError('read', -count);
  return count;
}

/** As tryWrite, but throws SystemCallError. */
export function write(fd: number, buffer: Uint8Array, length = buffer.byteLength): number {
  const count = tryWrite(fd, buffer, length);
  if (count < 0) throw new SystemCallError('write', -count);
  return count;
}

/** ioctl whose argument is a structure, passed by address. */
export function ioctl(fd: number, request: number, argument: Uint8Array, subject?: string): number {
  return checked(libcIoctl(fd, request, argument), 'ioctl', subject);
}

/** A non-blocking event counter, with which one thread wakes another out of a poll. */
export function eventfd(): number {
  return checked(libcEventfd(0, EFD_NONBLOCK | O_CLOEXEC), 'eventfd');
}

/** Adds one to an event counter: whoever polls it wakes. */
export function signalEvent(fd: number): void {
  const one = new Uint8Array(8);
  new DataView(one.buffer).setBigUint64(0, 1n, true);
  write(fd, one);
}
