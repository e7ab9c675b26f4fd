import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import type { Emulator, LinkState } from '../emulator/contract.js';
import type { StartedLab } from '../lab/lab.js';
import type { Plan, PlannedFault, PlannedLink } from '../plan/types.js';
import type { JournalWriter } from '../runfolder/journal-writer.js';
import { stateUnder } from './action.js';
import { probeLink } from './probe.js';
import { proveState } from './proof.js';

/** What the timeline works on. */
export interface Stage {
  plan: Plan;
  lab: StartedLab;
  emulator: Emulator;
  journal: JournalWriter;
  epochMonotonicMs: number;
  /** Told of every change, for the live view: titles of the faults in force. */
  onChange?: (inForce: readonly PlannedFault[]) => void;
}

interface Step {
  atMs: number;
  fault: PlannedFault;
  what: 'applied' | 'healed';
}

/** Runs the timeline to its end: applies and heals each fault on time, and proves by probes that it took hold. */
export async function conduct(stage: Stage, signal: AbortSignal): Promise<void> {
  const inForce = new Set<PlannedFault>();
  const proofs: Promise<void>[] = [];
  for (const step of steps(stage.plan.faults)) {
    await delay(Math.max(0, stage.epochMonotonicMs + step.atMs - monotonicMs()), undefined, { signal });
    if (step.what === 'applied') inForce.add(step.fault);
    else inForce.delete(step.fault);
    const link = linkOf(stage.plan, step.fault.target);
    const state = stateUnder(
      [...inForce].filter((fault) => fault.target === link.name),
      link,
    );
    await stage.emulator.set(link.name, state);
    stage.journal.write({ event: `fault-${step.what}`, fault: step.fault.id });
    stage.onChange?.([...inForce]);
    proofs.push(prove(stage, step, link, state));
  }
  await Promise.all(proofs);
}

function steps(faults: readonly PlannedFault[]): Step[] {
  const all = faults.flatMap((fault): Step[] => [
    { atMs: fault.atMs, fault, what: 'applied' },
    ...(fault.untilMs === null ? [] : [{ atMs: fault.untilMs, fault, what: 'healed' as const }]),
  ]);
  // Heal first where one fault ends at the moment another begins.
  return all.sort((x, y) => x.atMs - y.atMs || Number(x.what === 'applied') - Number(y.what === 'applied'));
}

/** Packets it takes to tell a rate of loss apart; a cut or a clear link shows itself at once. */
const SERIES = { certain: { count: 10, spacingMs: 10 }, statistical: { count: 300, spacingMs: 5 } };
const GRACE_MS = 400;

async function prove(stage: Stage, step: Step, link: PlannedLink, state: LinkState): Promise<void> {
  const directions = [state.aToB, state.bToA];
  const series = directions.some(({ lossShare }) => lossShare > 0) ? SERIES.statistical : SERIES.certain;
  const graceMs = GRACE_MS + Math.max(...directions.map(({ delayMs, jitterMs }) => delayMs + jitterMs));
  const options = { ...series, graceMs };
  const control = controlLink(stage.plan);
  const [impaired, controlled] = await Promise.all([
    probeLink(stage.plan, stage.lab, link, options),
    control ? probeLink(stage.plan, stage.lab, control, options) : [],
  ]);
  const proof = proveState(link, state, impaired, controlled);
  stage.journal.write({ event: 'fault-proof', fault: step.fault.id, when: step.what, proof });
}

/** A link that no fault ever touches. */
function controlLink(plan: Plan): PlannedLink | undefined {
  return plan.lab.links.find((link) => !link.impaired);
}

function linkOf(plan: Plan, name: string): PlannedLink {
  const link = plan.lab.links.find((candidate) => candidate.name === name);
  if (!link) throw new Error(`the plan has no link ${name}`);
  return link;
}
