/** Tells that a lab is ready for its calls, and waits until all that were starting beside it are. */
export type Ready = () => Promise<void>;

/**
 * Room for labs: each takes as many places as it weighs, and they are served in the order in which they came. They run in
 * waves: those of one start together, place calls only when all of them have started, and the next wave begins when all
 * have ended. A lab that starts forks programs, and each fork holds up whoever plays the media of calls that are up.
 */
export class Places {
  private readonly waiting: { weight: number; enter: () => void }[] = [];
  private readonly held: (() => void)[] = [];
  private free: number;
  private starting = 0;
  private isClosed = false;

  constructor(private readonly total: number) {
    this.free = total;
  }

  /** Runs as soon as there is room for it; what weighs more than there are places runs alone. */
  async with<T>(weight: number, run: (ready: Ready) => Promise<T>): Promise<T> {
    const taken = Math.min(weight, this.total);
    await new Promise<void>((enter) => {
      this.waiting.push({ weight: taken, enter });
      this.serve();
    });
    let isStarting = true;
    const started = () => {
      if (isStarting) this.starting--;
      isStarting = false;
      if (this.starting === 0) for (const go of this.held.splice(0)) go();
    };
    try {
      return await run(async () => {
        this.isClosed = true;
        started();
        if (this.starting > 0) await new Promise<void>((go) => this.held.push(go));
      });
    } finally {
      started();
      this.free += taken;
      if (this.free === this.total) this.isClosed = false;
      this.serve();
    }
  }

  private serve(): void {
    for (let [next] = this.waiting; next && this.hasRoomFor(next.weight); [next] = this.waiting) {
      this.free -= next.weight;
      this.starting++;
      this.waiting.shift();
      next.enter();
    }
  }

  private hasRoomFor(weight: number): boolean {
    return !this.isClosed && weight <= this.free;
  }
}

/** The waves in which labs that wait in this order will run, if none of those ahead of them fails to start. */
export function wavesOf<Lab extends { weight: number }>(waiting: readonly Lab[], total: number): Lab[][] {
  const waves: Lab[][] = [];
  let free = 0;
  for (const lab of waiting) {
    const taken = Math.min(lab.weight, total);
    if (taken > free) {
      waves.push([]);
      free = total;
    }
    waves.at(-1)?.push(lab);
    free -= taken;
  }
  return waves;
}
