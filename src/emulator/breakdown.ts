/** That an emulator broke down by itself, once, and who is to be told. */
export class Breakdown {
  private first: Error | undefined;
  private readonly listeners: ((error: Error) => void)[] = [];

  /** What happened, undefined while nothing has. */
  get error(): Error | undefined {
    return this.first;
  }

  /** Calls `listener` once: when it happens, or at once if it has. */
  onHappened(listener: (error: Error) => void): void {
    if (this.first) listener(this.first);
    else this.listeners.push(listener);
  }

  /** Tells everybody. What happens after the first breakdown follows from it, and is told to nobody. */
  happened(error: Error): void {
    if (this.first) return;
    this.first = error;
    for (const listener of this.listeners) listener(error);
  }
}
