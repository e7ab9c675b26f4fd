import koffi from 'koffi';

/**
 * The C library that this process already runs on. Calls run on the calling thread, which is what makes setns work:
 * a thread's namespace is its own.
 */
const library = koffi.load(null);

/** Declares a libc function; the caller names its TypeScript type. Buffers are passed by address, uncopied. */
export function declare<F extends (...args: never[]) => number>(prototype: string): F {
  return library.func(prototype) as unknown as F;
}

/** errno of the last failed call on this thread. */
export const lastErrno = (): number => koffi.errno();

const errnoNames = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));

/** errno by name; throws for a name that this system doesn't have. */
export function errnoOf(name: string): number {
  const number = koffi.os.errno[name];
  if (number === undefined) throw new Error(`no errno ${name} on this system`);
  return number;
}

/** A libc call failed. `code` is the errno's name (`EPERM`), `syscall` the call, `subject` what it was about. */
export class SystemCallError extends Error {
  readonly code: string;
  readonly syscall: string;

  constructor(syscall: string, errno: number, subject?: string) {
    const code = errnoNames.get(errno) ?? `errno ${errno}`;
    super(`${syscall}: ${code}${subject ? ` (${subject})` : ''}`);
    this.name = 'SystemCallError';
    this.code = code;
    this.syscall = syscall;
  }
}

/** Passes a result ≥ 0 on, and throws SystemCallError for a negative one. */
export function checked(result: number, syscall: string, subject?: string): number {
  if (result < 0) throw new SystemCallError(syscall, lastErrno(), subject);
  return result;
}
