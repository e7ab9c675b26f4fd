import { messageOf } from '../base/errors.js';
import type { PlannedNode, PlannedProgram } from '../plan/planned-node.js';
import { portHolders, waitUntilReady } from './readiness.js';
import type { StartedNode, StartedProgram } from './runtime.js';

/** What a node's life needs from the lab. */
export interface LifeParts {
  /** Brings interfaces up with addresses and routes: the first time, and after each power cycle. */
  configure: () => Promise<void>;
  /** Gives it what isn't kept on its disk: the keys of its certificates. */
  handKeys: () => Promise<void>;
  /** Starts what answers calls on a phone or a carrier, and waits until it does. */
  startEndpoint: () => Promise<void>;
  /** Told of each program of the node that is ready and should run on. */
  onProgram: (program: StartedProgram) => void;
}

/** How a boot went: all is ready, the power went again meanwhile, or a program didn't come up. */
export type BootEnd =
  { how: 'ready' } | { how: 'cut-short' } | { how: 'failed'; program: string; reason: string };

/** One node from power-on to power-off, over and over: its programs, and which of their ends the scenario wanted. */
export class NodeLife {
  private readonly running = new Map<string, StartedProgram>();
  private readonly killed = new WeakSet<StartedProgram>();
  /** Another one from each power-off on: what was started before it notices. */
  private era = Symbol('era');
  private starting = '';
  private readonly starts = new Map<string, number>();

  constructor(
    readonly planned: PlannedNode,
    readonly node: StartedNode,
    private readonly parts: LifeParts,
  ) {}

  /** The node's own programs that run on, by name. */
  get programs(): ReadonlyMap<string, StartedProgram> {
    return this.running;
  }

  /** True if the scenario ended this program: by taking the node's power, or by a crash. */
  wasKilled(program: StartedProgram): boolean {
    return this.killed.has(program);
  }

  /** How often a program was started. */
  startsOf(name: string): number {
    return this.starts.get(name) ?? 0;
  }

  /**
   * Starts the programs in their order, each as soon as the one before is ready; stops where the power goes.
   * @throws DeadairError NODE_NOT_READY (exit 3) if one ends or isn't ready in time
   */
  async start(onReady?: (program: string) => void): Promise<void> {
    const { era } = this;
    await this.parts.handKeys();
    for (const program of this.planned.programs) {
      await this.startProgram(program);
      if (era !== this.era) return;
      onReady?.(program.name);
    }
  }

  /** Everything of the node is gone at once. */
  async powerOff(): Promise<void> {
    this.era = Symbol('era');
    for (const program of this.running.values()) this.killed.add(program);
    this.running.clear();
    await this.node.powerOff();
  }

  /** The node's world anew, with its network up; nothing runs in it yet, see `boot`. */
  async powerOn(): Promise<void> {
    await this.node.powerOn();
    await this.parts.configure();
  }

  /**
   * Starts everything that the node runs. A program that doesn't come up is the node's doing: at the lab's start it came
   * up from the same configuration. What answers calls is the lab's own, and throws.
   */
  async boot(onReady: (program: string) => void): Promise<BootEnd> {
    const { era } = this;
    try {
      await this.parts.startEndpoint();
    } catch (error) {
      if (era !== this.era) return { how: 'cut-short' };
      throw error;
    }
    return await this.attempt(() => this.start(onReady));
  }

  /** Sends a signal to a program and all that it started; gives their process ids as the host numbers them. */
  async kill(name: string, signal: NodeJS.Signals): Promise<number[]> {
    const program = this.running.get(name);
    if (!program) return [];
    this.killed.add(program);
    this.running.delete(name);
    const pids = await program.processes();
    for (const pid of pids)
      try {
        process.kill(pid, signal);
      } catch {
        // It ended with the one before.
      }
    return pids;
  }

  /** Starts one of the node's programs again. */
  async restart(name: string): Promise<BootEnd> {
    const planned = this.planned.programs.find((program) => program.name === name);
    if (!planned) throw new Error(`${this.planned.name} has no program ${name}`);
    return await this.attempt(() => this.startProgram(planned));
  }

  private async attempt(start: () => Promise<void>): Promise<BootEnd> {
    const { era } = this;
    try {
      await start();
      return era === this.era ? { how: 'ready' } : { how: 'cut-short' };
    } catch (error) {
      if (era !== this.era) return { how: 'cut-short' };
      return { how: 'failed', program: this.starting, reason: messageOf(error) };
    }
  }

  private async startProgram({ name, command, ready }: PlannedProgram): Promise<void> {
    const { era } = this;
    this.starting = name;
    const taken = await portHolders(this.node, ready);
    const program = await this.node.start(name, command);
    this.starts.set(name, this.startsOf(name) + 1);
    await waitUntilReady(this.node, program, ready, taken);
    if (ready.kind === 'exits' || era !== this.era) return;
    this.running.set(name, program);
    this.parts.onProgram(program);
  }
}
