import type { LinkState } from '../emulator/contract.js';
import type { LinkFault, PlannedFault, PowerFault } from '../plan/planned-fault.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import { stateUnder, type FaultOfLink } from './action.js';
import { LinkProver } from './prover.js';
import type { Stage, Step } from './steps.js';

/** True if a fault changes what the link does. */
export const concerns = (fault: PlannedFault, { name, a, b }: PlannedLink): boolean =>
  fault.kind === 'power' ? [a.node, b.node].includes(fault.target) : fault.target === name;

/** The steps of one link: those of its own faults, and the power of the nodes at its ends. */
export class LinkTimeline {
  private readonly steps: readonly Step<FaultOfLink>[];
  private readonly prover: LinkProver;
  private readonly inForce = new Set<FaultOfLink>();
  private taken = 0;

  constructor(
    private readonly stage: Stage,
    readonly link: PlannedLink,
    all: readonly Step[],
    signal: AbortSignal,
  ) {
    this.steps = all.filter((step): step is Step<FaultOfLink> => concerns(step.fault, link));
    this.prover = new LinkProver(stage, link, signal);
  }

  proveBaseline(): Promise<void> {
    return this.prover.proveClear('baseline', this.clockOf(this.steps[0]));
  }

  /** Takes the carrier while the power of a node at one end is off. Nothing is probed then: who would answer? */
  async takePower({ fault, what }: Step<PowerFault>): Promise<void> {
    if (what === 'applied') this.inForce.add(fault);
    else this.inForce.delete(fault);
    this.taken++;
    await this.stage.emulator.set(this.link.name, this.state);
  }

  async take({ fault, what }: Step<LinkFault>): Promise<void> {
    if (what === 'healed') {
      await this.prover.beforeEnd(fault, this.state);
      this.inForce.delete(fault);
    } else this.inForce.add(fault);
    await this.stage.emulator.set(this.link.name, this.state);
    this.stage.journal.write({ event: `fault-${what}`, fault: fault.id });
    const next = this.steps[++this.taken];
    await this.prover.changed(this.state, { fault, when: what }, this.clockOf(next), (pending) => {
      if (pending.when === 'healed') return next?.fault.kind === 'cut' || next?.fault.kind === 'power';
      return this.steps.some(
        (step) => step.fault === pending.fault && step.what === 'healed' && step.atMs === next?.atMs,
      );
    });
  }

  /** What stays to the end is proven by then; a link that should be clear is probed once more. */
  async finish(): Promise<void> {
    await this.prover.finished();
    for (const fault of this.inForce)
      if (fault.kind !== 'power') await this.prover.beforeEnd(fault, this.state);
    if (this.inForce.size === 0) await this.prover.proveClear('end', null);
    const { aToB, bToA, lateness } = await this.stage.emulator.counters(this.link.name);
    const overruns = [aToB.droppedByQueue, bToA.droppedByQueue].filter((count) => count !== null);
    this.stage.journal.write({
      event: 'emulator-counters',
      link: this.link.name,
      overrun: overruns.length === 0 ? null : overruns.reduce((sum, count) => sum + count, 0),
      lateness: lateness && { frames: lateness.frames, p99Ms: lateness.p99Ms, maxMs: lateness.maxMs },
    });
  }

  private get state(): LinkState {
    return stateUnder([...this.inForce], this.link);
  }

  private clockOf(step: Step | undefined): number | null {
    return step ? this.stage.epochMonotonicMs + step.atMs : null;
  }
}
