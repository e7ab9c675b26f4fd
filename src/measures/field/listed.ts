/** Results in order; they may be read anew each time they are gone through. */
export interface Listed<T> extends Iterable<T> {
  readonly length: number;
}

/** Where results are put as they are ready. They are in order of `place`, and at one place in the order they came in. */
export interface Shelf<T> {
  add(item: T, place: number): void;
}
