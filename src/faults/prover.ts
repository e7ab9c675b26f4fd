import { monotonicMs } from '../base/linux/clock.js';
import { clearLink, type LinkCounters, type LinkState } from '../emulator/contract.js';
import type { LinkFault } from '../plan/planned-fault.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { FaultProof } from '../runfolder/journal.js';
import { countedFigures, needsCounters } from './counted.js';
import type { ProofStage } from './look.js';
import { observe, withoutProbes } from './observe.js';
import { durationOf, fitted, sizeFor } from './probe-size.js';
import { proveState, type Observation } from './proof.js';
import { waysOver, type Way } from './sides.js';

interface Pending {
  fault: LinkFault;
  when: 'applied' | 'healed';
}

/** Kept back from the next change of the link: what is under way when it comes would not know which state it met. */
const MARGIN_MS = 50;
const NO_LIMIT_MS = 60_000;

/**
 * Proves the states of one link, one after the other. Faults that overlap are proven as what they come to together. One
 * whose time is too short before the next change is proven in the state after that, if it's still there.
 */
export class LinkProver {
  private readonly ways: readonly Way[];
  private pending: Pending[] = [];
  /** Proofs by probes of faults whose counters are read when they end. */
  private readonly drafts = new Map<string, Observation>();
  private readonly begins = new Map<string, LinkCounters>();
  private run: Promise<void> = Promise.resolve();
  private abort = new AbortController();
  private failure: Error | undefined;

  constructor(
    private readonly stage: ProofStage,
    private readonly link: PlannedLink,
    private readonly signal: AbortSignal,
  ) {
    this.ways = waysOver(stage.plan, link);
  }

  /** Before a fault is healed, or at the end of the run: reads what the emulator counted while it was there. */
  async beforeEnd(fault: LinkFault, state: LinkState): Promise<void> {
    const begin = this.begins.get(fault.id);
    const left = this.pending.find((one) => one.fault === fault && one.when === 'applied');
    this.pending = this.pending.filter((one) => one !== left);
    if (!begin && !left) return;
    this.begins.delete(fault.id);
    const counted = begin ? countedFigures(fault, this.link, state, begin, await this.counters()) : [];
    const observation = this.drafts.get(fault.id) ?? withoutProbes(this.stage.plan, this.link, state);
    const declared = counted.length > 0 ? ['what no probe can meet rests on what the emulator counted'] : [];
    this.write(
      { fault, when: 'applied' },
      proveState({ ...observation, counted, declared: [...observation.declared, ...declared] }),
    );
  }

  /**
   * After the emulator has taken a new state; `untilMs` is when the next one comes, on the monotonic clock. `isLast`: what
   * is pending can't be proven once that has come.
   */
  async changed(
    state: LinkState,
    step: Pending,
    untilMs: number | null,
    isLast: (pending: Pending) => boolean,
  ): Promise<void> {
    this.abort.abort();
    await this.run;
    this.pending.push(step);
    if (step.when === 'applied' && needsCounters(step.fault, this.ways))
      this.begins.set(step.fault.id, await this.counters());
    this.abort = new AbortController();
    const signal = AbortSignal.any([this.signal, this.abort.signal]);
    this.run = this.prove(state, untilMs, isLast, signal).catch((error: unknown) => {
      if (!signal.aborted) this.failure ??= error instanceof Error ? error : new Error(String(error));
    });
  }

  /** Probes a link that should be clear. */
  async proveClear(when: 'baseline' | 'end', untilMs: number | null): Promise<void> {
    const size = { count: 300, spacingMs: 3, graceMs: 300, train: 1 };
    const available = untilMs === null ? NO_LIMIT_MS : untilMs - monotonicMs() - MARGIN_MS;
    if (available < 200) return;
    const observation = await observe(this.stage, this.link, clearLink, {
      size: () => fitted(size, available),
      spareMs: available - durationOf(fitted(size, available)),
      signal: this.signal,
    });
    this.stage.journal.write({
      event: 'clear-proof',
      link: this.link.name,
      when,
      proof: proveState(observation),
    });
  }

  /** Resolves when nothing is under way any more; throws what went wrong on the way. */
  async finished(): Promise<void> {
    await this.run;
    if (this.failure !== undefined) throw this.failure;
    this.signal.throwIfAborted();
  }

  private async prove(
    state: LinkState,
    untilMs: number | null,
    isLast: (pending: Pending) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const available = untilMs === null ? NO_LIMIT_MS : untilMs - monotonicMs() - MARGIN_MS;
    const needed = Math.max(durationOf(sizeFor(state.aToB)), durationOf(sizeFor(state.bToA)));
    // What the next change ends or hides is proven now, with what time there is.
    const now = needed <= available ? this.pending : this.pending.filter(isLast);
    if (now.length === 0) return;
    const before = await this.counters();
    const observation = await observe(this.stage, this.link, state, {
      size: (direction) => fitted(sizeFor(direction), available),
      spareMs: available - needed,
      signal,
    });
    const after = await this.counters();
    const lostByEmulator = new Map(
      (
        [
          ['aToB', this.link.a.node],
          ['bToA', this.link.b.node],
        ] as const
      ).flatMap(([way, node]) => {
        const [from, to] = [before[way].droppedByLoss, after[way].droppedByLoss];
        return from === null || to === null ? [] : [[node, to - from] as const];
      }),
    );
    this.pending = this.pending.filter((one) => !now.includes(one));
    for (const one of now)
      if (this.begins.has(one.fault.id) && one.when === 'applied')
        this.drafts.set(one.fault.id, { ...observation, lostByEmulator });
      else this.write(one, proveState({ ...observation, lostByEmulator }));
  }

  private counters(): Promise<LinkCounters> {
    return this.stage.emulator.counters(this.link.name);
  }

  private write({ fault, when }: Pending, proof: FaultProof): void {
    this.stage.journal.write({ event: 'fault-proof', fault: fault.id, when, proof });
  }
}
