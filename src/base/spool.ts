import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeadairError, ExitCode, messageOf } from './errors.js';

/**
 * A temporary file of entries, each of some bytes, that are read again by their number. It has no name any more once it's
 * open: it goes when this is disposed of, or with the process.
 * @throws DeadairError (exit 3) RESULTS_UNKEPT if it can't be made, written or read
 */
export class Spool implements Disposable {
  private readonly file: number;
  /** Where each entry ends in the file, and the next one begins. */
  private readonly ends: number[] = [];

  constructor() {
    this.file = guarded(() => {
      const folder = mkdtempSync(join(tmpdir(), 'deadair-'));
      try {
        return openSync(join(folder, 'results'), 'wx+');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  get length(): number {
    return this.ends.length;
  }

  /** Its number is the length before. */
  add(bytes: Buffer): void {
    const begin = this.ends.at(-1) ?? 0;
    guarded(() => {
      for (let at = 0; at < bytes.length;)
        at += writeSync(this.file, bytes, at, bytes.length - at, begin + at);
    });
    this.ends.push(begin + bytes.length);
  }

  /** Reads an entry, counted from 0. */
  read(number: number): Buffer {
    const begin = this.ends[number - 1] ?? 0;
    const bytes = Buffer.allocUnsafe(this.ends[number]! - begin);
    guarded(() => {
      for (let at = 0; at < bytes.length;) {
        const length = readSync(this.file, bytes, at, bytes.length - at, begin + at);
        if (length === 0) throw new Error('it is shorter than it was');
        at += length;
      }
    });
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.file);
  }
}

function guarded<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw new DeadairError('RESULTS_UNKEPT', `results can't be kept in ${tmpdir()}: ${messageOf(error)}.`, {
      exitCode: ExitCode.labFailed,
      fix: 'Make room there, or set TMPDIR to a folder that has some.',
      cause: error,
    });
  }
}
