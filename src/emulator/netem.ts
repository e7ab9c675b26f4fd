import { createHash } from 'node:crypto';
import { DeadairError, ExitCode } from '../base/errors.js';
import { assertLinkState } from './assert-state.js';
import { Breakdown } from './breakdown.js';
import type { Emulator, LinkCounters, LinkSpec, LinkState } from './contract.js';
import { unsupportedState } from './netem/cannot.js';
import type { LaneSeed } from './netem/direction.js';
import { NetemLink } from './netem/link.js';
import { MiddleNamespace } from './netem/namespace.js';
import { netemAvailable } from './netem/probe.js';
import { Refusals } from './netem/refusal.js';

export { netemAvailable } from './netem/probe.js';

/**
 * Starts the kernel's emulator: a network namespace between all nodes, in which every link has its ports, and between
 * those tc's qdiscs. Needs root, iproute2 and a kernel with netem (NETEM_MISSING, exit 3). Nothing outside of that
 * namespace is touched but the interfaces that links get in the nodes; all of it vanishes with the process. `seed` fixes
 * the draws of each lane where kernel and tc know seeds (6.6); nothing does elsewhere.
 */
export async function startNetem({ seed }: { seed: number }): Promise<Emulator> {
  const { seeds } = await requireNetem();
  const seedOf = (lane: string) => (seeds ? laneSeed(seed, lane) : null);
  return new Netem(await MiddleNamespace.start(), seedOf);
}

/** Rejects with NETEM_MISSING (exit 3) if this kernel hasn't what netem needs. */
export async function requireNetem(): Promise<{ seeds: boolean }> {
  const available = await netemAvailable();
  if (available.ok) return available;
  const { code, why, fix } = available;
  throw new DeadairError(code, why, { exitCode: ExitCode.labFailed, fix });
}

class Netem implements Emulator {
  private readonly links = new Map<string, NetemLink>();
  private readonly breakdown = new Breakdown();
  private readonly refusals: Refusals;
  private made = 0;
  private disposal: Promise<void> | undefined;
  /** Orders are carried out one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly space: MiddleNamespace,
    private readonly seedOf: LaneSeed,
  ) {
    this.refusals = new Refusals(space, (error) => this.fail(error));
    space.onEnd(() => this.fail(new DeadairError('NETEM_FAILED', "netem's namespace ended", invalid)));
  }

  async connect(spec: LinkSpec): Promise<void> {
    await this.inTurn(async () => {
      if (this.links.has(spec.name)) throw new Error(`there is a link ${spec.name} already`);
      const link = new NetemLink(this.space, this.refusals, spec, `l${this.made++}`, this.seedOf, () =>
        this.step(link),
      );
      await link.connect();
      this.links.set(spec.name, link);
    });
  }

  /** Rejects with NETEM_CANNOT (exit 64) for what netem can't do, and NETEM_READBACK (exit 2) if it didn't. */
  async set(name: string, state: LinkState): Promise<void> {
    assertLinkState(state);
    const [cannot] = [...unsupportedState(state.aToB), ...unsupportedState(state.bToA)];
    if (cannot)
      throw new DeadairError('NETEM_CANNOT', `netem can't do this on link ${name}: ${cannot.what}.`, {
        exitCode: ExitCode.badInput,
        fix: cannot.instead,
      });
    await this.inTurn(async () => {
      const link = this.link(name);
      // Whoever else changed it: it isn't ours to change any more.
      await link.verify();
      await link.apply(state);
    });
  }

  async counters(name: string): Promise<LinkCounters> {
    return await this.inTurn(() => this.link(name).counters());
  }

  onFailure(listener: (error: Error) => void): void {
    this.breakdown.onHappened(listener);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposal ??= this.dispose();
    return this.disposal;
  }

  private async dispose(): Promise<void> {
    await this.last.catch(() => undefined);
    // Ports whose nodes are ending vanish by themselves, also while they are taken away; the rest goes with the namespace.
    if (!this.breakdown.error)
      for (const link of this.links.values()) await link.disconnect().catch(() => undefined);
    try {
      await this.refusals[Symbol.asyncDispose]();
    } finally {
      await this.space[Symbol.asyncDispose]();
    }
  }

  private link(name: string): NetemLink {
    const link = this.links.get(name);
    if (!link) throw new Error(`there is no link ${name}`);
    return link;
  }

  private step(link: NetemLink): void {
    this.inTurn(() => link.follow()).catch((error: Error) => this.fail(error));
  }

  private inTurn<T>(order: () => Promise<T>): Promise<T> {
    if (this.breakdown.error) return Promise.reject(this.breakdown.error);
    if (this.disposal) return Promise.reject(new Error('netem was disposed of'));
    const turn = this.last.then(order, order);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private fail(error: Error): void {
    if (!this.disposal) this.breakdown.happened(error);
  }
}

/** 48 bits of its own for each lane. */
function laneSeed(seed: number, lane: string): string {
  return String(createHash('sha256').update(`${seed}/${lane}`).digest().readUIntBE(0, 6));
}

const invalid = { exitCode: ExitCode.invalid } as const;
