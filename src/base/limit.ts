import { DeadairError, ExitCode } from './errors.js';

/**
 * Waits for a promise, no longer than `limitMs`.
 * @throws WAIT_TOO_LONG naming what was awaited (exit 3); the promise itself goes on
 */
export async function withLimit<T>(what: string, limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const text = `${what}: not within ${limitMs} ms.`;
      reject(new DeadairError('WAIT_TOO_LONG', text, { exitCode: ExitCode.labFailed }));
    }, limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
