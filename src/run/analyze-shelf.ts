import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { garbageCollector } from '../base/linux/memory.js';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { FieldShelves } from '../measures/field/index.js';
import type { Listed, Shelf } from '../measures/field/listed.js';
import type { FieldCall, Finding, LooseMedia } from '../measures/field/types.js';

/**
 * Keeps results in a temporary file, so that memory doesn't grow with them; they are read again, one by one, whenever they
 * are gone through. The file has no name any more once it's open: it goes when this is disposed of, or with the process.
 */
class DiskShelf<T> implements Shelf<T>, Listed<T>, Disposable {
  private readonly file: number;
  private readonly places: number[] = [];
  /** Where each result ends in the file, and the next one begins. */
  private readonly ends: number[] = [];

  /** @param added hears how many bytes each result takes */
  constructor(private readonly added: (bytes: number) => void) {
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
    return this.places.length;
  }

  add(item: T, place: number): void {
    const bytes = serialize(item);
    const begin = this.ends.at(-1) ?? 0;
    guarded(() => {
      for (let at = 0; at < bytes.length;)
        at += writeSync(this.file, bytes, at, bytes.length - at, begin + at);
    });
    this.places.push(place);
    this.ends.push(begin + bytes.length);
    this.added(bytes.length);
  }

  *[Symbol.iterator](): Iterator<T> {
    const { places } = this;
    for (const index of [...places.keys()].sort((a, b) => places[a]! - places[b]! || a - b))
      yield this.read(index);
  }

  [Symbol.dispose](): void {
    closeSync(this.file);
  }

  private read(index: number): T {
    const begin = this.ends[index - 1] ?? 0;
    const bytes = Buffer.alloc(this.ends[index]! - begin);
    guarded(() => {
      for (let at = 0; at < bytes.length;) {
        const length = readSync(this.file, bytes, at, bytes.length - at, begin + at);
        if (length === 0) throw new Error('it is shorter than it was');
        at += length;
      }
    });
    return deserialize(bytes) as T;
  }
}

/** Some 400 calls: garbage is collected as often. */
const GARBAGE_BYTES = 4 * 1024 * 1024;

/** All results of an analysis, in files. What is written of them is garbage, and is collected now and then. */
export class DiskShelves implements FieldShelves, Disposable {
  private collect: (() => void) | null = null;
  private uncollected = 0;
  private readonly added = (bytes: number) => {
    this.uncollected += bytes;
    if (this.uncollected < GARBAGE_BYTES) return;
    this.uncollected = 0;
    this.collect ??= garbageCollector();
    this.collect();
  };
  readonly calls = new DiskShelf<FieldCall>(this.added);
  readonly loose = new DiskShelf<LooseMedia>(this.added);
  readonly findings = new DiskShelf<Finding>(this.added);

  [Symbol.dispose](): void {
    for (const shelf of [this.calls, this.loose, this.findings]) shelf[Symbol.dispose]();
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
