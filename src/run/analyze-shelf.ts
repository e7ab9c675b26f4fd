import { deserialize, serialize } from 'node:v8';
import { garbageCollector } from '../base/linux/memory.js';
import { Spool } from '../base/spool.js';
import type { FieldShelves } from '../measures/field/index.js';
import type { Listed, Shelf } from '../measures/field/listed.js';
import type { FieldCall, Finding, LooseMedia } from '../measures/field/types.js';

/**
 * Keeps results in a temporary file, so that memory doesn't grow with them; they are read again, one by one, whenever they
 * are gone through.
 */
class DiskShelf<T> implements Shelf<T>, Listed<T>, Disposable {
  private readonly spool = new Spool();
  private readonly places: number[] = [];

  /** @param added hears how many bytes each result takes */
  constructor(private readonly added: (bytes: number) => void) {}

  get length(): number {
    return this.places.length;
  }

  add(item: T, place: number): void {
    const bytes = serialize(item);
    this.spool.add(bytes);
    this.places.push(place);
    this.added(bytes.length);
  }

  *[Symbol.iterator](): Iterator<T> {
    const { places } = this;
    const order = Uint32Array.from(places.keys()).sort((a, b) => places[a]! - places[b]! || a - b);
    for (const index of order) yield deserialize(this.spool.read(index)) as T;
  }

  [Symbol.dispose](): void {
    this.spool[Symbol.dispose]();
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
