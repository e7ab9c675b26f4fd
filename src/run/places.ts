/** Room for labs: each takes as many places as it weighs, and they are served in the order in which they came. */
export class Places {
  private readonly waiting: { weight: number; enter: () => void }[] = [];
  private free: number;

  constructor(private readonly total: number) {
    this.free = total;
  }

  /** Runs as soon as there is room for it; what weighs more than there are places runs alone. */
  async with<T>(weight: number, run: () => Promise<T>): Promise<T> {
    const taken = Math.min(weight, this.total);
    await new Promise<void>((enter) => {
      this.waiting.push({ weight: taken, enter });
      this.serve();
    });
    try {
      return await run();
    } finally {
      this.free += taken;
      this.serve();
    }
  }

  private serve(): void {
    for (let [next] = this.waiting; next && next.weight <= this.free; [next] = this.waiting) {
      this.free -= next.weight;
      this.waiting.shift();
      next.enter();
    }
  }
}
