import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/linux/clock.js';
import { isNodeFault } from '../plan/faults.js';
import type { PlannedFault, PowerFault } from '../plan/planned-fault.js';
import { concerns, LinkTimeline } from './link-timeline.js';
import { NodeTimeline } from './node-timeline.js';
import { stepsOf, type Stage, type Step } from './steps.js';

/**
 * Runs the timeline: applies and heals each fault on time, and proves that it took hold. Links that faults work on are
 * probed before the first and after the last, too, so that what is hidden in a link that should be clear is found. Ends
 * some time after new calls have ended.
 */
export async function conduct(stage: Stage, signal: AbortSignal): Promise<void> {
  const all = stepsOf(stage.plan.faults);
  const links = stage.plan.lab.links
    .filter((link) => link.impaired)
    .map((link) => new LinkTimeline(stage, link, all, signal));
  const nodes = stage.plan.lab.nodes.map(({ name }) => new NodeTimeline(stage, name, signal));
  const baselines = links.map((part) => part.proveBaseline());
  const inForce = new Set<PlannedFault>();
  const runSteps = async () => {
    for (const step of all) {
      await delay(Math.max(0, stage.epochMonotonicMs + step.atMs - monotonicMs()), undefined, { signal });
      await take(step, links, nodes);
      if (step.what === 'applied') inForce.add(step.fault);
      else inForce.delete(step.fault);
      stage.onChange?.([...inForce]);
    }
  };
  await Promise.all([...baselines, runSteps()]);
  await delay(Math.max(0, stage.epochMonotonicMs + stage.plan.trafficMs - monotonicMs()), undefined, {
    signal,
  });
  await Promise.all([...links, ...nodes].map((part) => part.finish()));
}

async function take(
  step: Step,
  links: readonly LinkTimeline[],
  nodes: readonly NodeTimeline[],
): Promise<void> {
  const { fault, what } = step;
  if (!isNodeFault(fault)) {
    await links.find(({ link }) => link.name === fault.target)?.take({ ...step, fault });
    return;
  }
  const takePower = async (power: PowerFault) => {
    for (const part of links) if (concerns(power, part.link)) await part.takePower({ ...step, fault: power });
  };
  const node = nodes.find(({ name }) => name === fault.target);
  // Links lose their carrier before the node's interfaces go down, and get it back when they are up.
  if (fault.kind === 'power' && what === 'applied') await takePower(fault);
  await node?.take({ ...step, fault });
  if (fault.kind === 'power' && what === 'healed') await takePower(fault);
  node?.taken({ ...step, fault });
}
