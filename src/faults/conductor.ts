import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import type { LinkState } from '../emulator/contract.js';
import type { PlannedFault, PlannedLink } from '../plan/types.js';
import { stateUnder } from './action.js';
import type { ProofStage } from './observe.js';
import { LinkProver } from './prover.js';

/** What the timeline works on. */
export interface Stage extends ProofStage {
  epochMonotonicMs: number;
  /** Told of every change, for the live view: titles of the faults in force. */
  onChange?: (inForce: readonly PlannedFault[]) => void;
}

interface Step {
  atMs: number;
  fault: PlannedFault;
  what: 'applied' | 'healed';
}

/**
 * Runs the timeline: applies and heals each fault on time, and proves that it took hold. Links that faults work on are
 * probed before the first and after the last, too, so that what is hidden in a link that should be clear is found. Ends
 * some time after new calls have ended.
 */
export async function conduct(stage: Stage, signal: AbortSignal): Promise<void> {
  const all = steps(stage.plan.faults);
  const parts = stage.plan.lab.links
    .filter((link) => link.impaired)
    .map((link) => new LinkTimeline(stage, link, all, signal));
  const baselines = parts.map((part) => part.proveBaseline());
  const inForce = new Set<PlannedFault>();
  const runSteps = async () => {
    for (const step of all) {
      await waitUntil(stage, step.atMs, signal);
      await parts.find(({ link }) => link.name === step.fault.target)?.take(step);
      if (step.what === 'applied') inForce.add(step.fault);
      else inForce.delete(step.fault);
      stage.onChange?.([...inForce]);
    }
  };
  await Promise.all([...baselines, runSteps()]);
  await waitUntil(stage, stage.plan.trafficMs, signal);
  await Promise.all(parts.map((part) => part.finish()));
}

/** The steps of one link. */
class LinkTimeline {
  private readonly steps: readonly Step[];
  private readonly prover: LinkProver;
  private readonly inForce = new Set<PlannedFault>();
  private taken = 0;

  constructor(
    private readonly stage: Stage,
    readonly link: PlannedLink,
    all: readonly Step[],
    signal: AbortSignal,
  ) {
    this.steps = all.filter(({ fault }) => fault.target === link.name);
    this.prover = new LinkProver(stage, link, signal);
  }

  proveBaseline(): Promise<void> {
    return this.prover.proveClear('baseline', this.clockOf(this.steps[0]));
  }

  async take({ fault, what }: Step): Promise<void> {
    if (what === 'healed') {
      await this.prover.beforeEnd(fault, this.state);
      this.inForce.delete(fault);
    } else this.inForce.add(fault);
    await this.stage.emulator.set(this.link.name, this.state);
    this.stage.journal.write({ event: `fault-${what}`, fault: fault.id });
    const next = this.steps[++this.taken];
    await this.prover.changed(this.state, { fault, when: what }, this.clockOf(next), (pending) => {
      if (pending.when === 'healed') return next?.fault.kind === 'cut';
      return this.steps.some(
        (step) => step.fault === pending.fault && step.what === 'healed' && step.atMs === next?.atMs,
      );
    });
  }

  /** What stays to the end is proven by then; a link that should be clear is probed once more. */
  async finish(): Promise<void> {
    await this.prover.finished();
    for (const fault of this.inForce) await this.prover.beforeEnd(fault, this.state);
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

const waitUntil = (stage: Stage, atMs: number, signal: AbortSignal) =>
  delay(Math.max(0, stage.epochMonotonicMs + atMs - monotonicMs()), undefined, { signal });

function steps(faults: readonly PlannedFault[]): Step[] {
  const all = faults.flatMap((fault): Step[] => [
    { atMs: fault.atMs, fault, what: 'applied' },
    ...(fault.untilMs === null ? [] : [{ atMs: fault.untilMs, fault, what: 'healed' as const }]),
  ]);
  // Heal first where one fault ends at the moment another begins.
  return all.sort((x, y) => x.atMs - y.atMs || Number(x.what === 'applied') - Number(y.what === 'applied'));
}
