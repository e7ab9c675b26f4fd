/** Kinds that are told apart: whoever makes up captures may make up kinds. */
const MOST_KINDS = 64;

/** Counts what could not be decoded, so that a thousand bad frames make one line and not a thousand. */
export class Tally {
  private readonly counts = new Map<string, { count: number; firstFrame: number }>();

  /** Notes one frame; `what` completes the sentence "3 × …". */
  note(what: string, frame: number): void {
    const kind = this.counts.size < MOST_KINDS || this.counts.has(what) ? what : 'thing of yet another kind';
    const entry = this.counts.get(kind);
    if (entry) entry.count++;
    else this.counts.set(kind, { count: 1, firstFrame: frame });
  }

  /** One sentence a kind, in order of first appearance. */
  texts(): string[] {
    return [...this.counts].map(
      ([what, { count, firstFrame }]) => `${count} × ${what} (first: frame ${firstFrame})`,
    );
  }
}
