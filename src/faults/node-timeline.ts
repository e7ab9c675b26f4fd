import type { NodeFault } from '../plan/planned-fault.js';
import { figureWords } from '../runfolder/proof-words.js';
import { answerEffect } from './answer.js';
import { crashEffect } from './crash.js';
import { dnsEffect } from './dns.js';
import { freezeEffect } from './freeze.js';
import { nodeProof, type NodeEffect, type Shown } from './node-effect.js';
import { powerEffect } from './power.js';
import { starveEffect } from './starve.js';
import type { Stage, Step } from './steps.js';

/** A fault in force, and what watches it. */
interface Holding {
  effect: NodeEffect;
  stop: AbortController;
  watched: Promise<void>;
}

/** The faults of one node, each proven when it has held and when it is over. */
export class NodeTimeline {
  private readonly holding = new Map<string, Holding>();
  /** What goes on beside the timeline: boots, and proofs that a fault is over. */
  private beside: Promise<void> = Promise.resolve();
  private nextStep = new AbortController();

  constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Applies a fault, or proves that it held and heals it. */
  async take({ fault, what }: Step<NodeFault>): Promise<void> {
    this.nextStep.abort();
    this.nextStep = new AbortController();
    if (what === 'healed') {
      const holding = await this.proveHolding(fault);
      await holding?.effect.heal();
      return;
    }
    const effect = effectOf(this.stage, fault);
    await effect.prepare();
    await effect.apply();
    const stop = new AbortController();
    const watched = effect.watch(AbortSignal.any([stop.signal, this.signal]));
    this.holding.set(fault.id, { effect, stop, watched });
  }

  /** After `take`, when the links know of it too. */
  taken({ fault, what }: Step<NodeFault>): void {
    this.stage.journal.write({ event: `fault-${what}`, fault: fault.id });
    const holding = this.holding.get(fault.id);
    if (what === 'applied' || !holding) return;
    this.holding.delete(fault.id);
    const { effect } = holding;
    const signal = AbortSignal.any([this.nextStep.signal, this.signal]);
    const over = Promise.all([
      effect.recover(),
      effect.proveHealed(signal).then((shown) => this.write(fault, 'healed', shown)),
    ]);
    this.beside = Promise.all([this.beside, over]).then(() => undefined);
    // Told by `finish`; nobody waits for it before that.
    this.beside.catch(() => undefined);
  }

  /** What stays to the end is proven by then. Throws what went wrong on the way. */
  async finish(): Promise<void> {
    for (const fault of this.stage.plan.faults)
      if (this.holding.has(fault.id)) await this.proveHolding(fault as NodeFault);
    await this.beside;
  }

  private async proveHolding(fault: NodeFault): Promise<Holding | undefined> {
    const holding = this.holding.get(fault.id);
    if (!holding) return undefined;
    holding.stop.abort();
    await holding.watched;
    this.write(fault, 'applied', await holding.effect.proveApplied());
    return holding;
  }

  private write(fault: NodeFault, when: 'applied' | 'healed', shown: Shown): void {
    const proof = nodeProof(shown, figureWords);
    this.stage.journal.write({ event: 'fault-proof', fault: fault.id, when, proof });
  }
}

function effectOf(stage: Stage, fault: NodeFault): NodeEffect {
  const life = stage.lab.life(fault.target);
  switch (fault.kind) {
    case 'power':
      return powerEffect({ stage, life, fault });
    case 'freeze':
      return freezeEffect({ stage, life, fault });
    case 'answer':
      return answerEffect({ stage, life, fault });
    case 'crash':
      return crashEffect({ stage, life, fault });
    case 'starve':
      return starveEffect({ stage, life, fault });
    case 'dns':
      return dnsEffect({ stage, life, fault });
  }
}
