/** Work that goes on: what is done of it is forgotten, and what fails is told in the end. */
export class Unfinished {
  private readonly work = new Set<Promise<void>>();

  add(work: Promise<void>): void {
    const ended = work.then(() => {
      this.work.delete(ended);
    });
    // Whoever awaits all of it learns of its failure.
    ended.catch(() => undefined);
    this.work.add(ended);
  }

  /** Resolves when all of it is done; rejects if any failed. */
  async all(): Promise<void> {
    await Promise.all(this.work);
  }
}
