import { randomUUID } from 'node:crypto';
import { monotonicMs } from '../base/linux/clock.js';
import { CPU_PERIOD_MS, limitCpu, type CpuLimit, type CpuUsage } from '../lab/cpu-limit.js';
import { nodeFigure, type EffectParts, type NodeEffect, type Shown } from './node-effect.js';

/** Own: what accounting and the edges of a period may make of a share, beside the period itself. */
const TOLERANCE = 0.1;

/** Leaves all of a node only so much processor time. A node that never asked for more isn't starved, and proves nothing. */
export function starveEffect({ life, fault }: EffectParts<'starve'>): NodeEffect {
  const { target, cpuShare } = fault;
  let limit: CpuLimit | undefined;
  let before: { atMs: number; usage: CpuUsage } | undefined;
  return {
    prepare: () => Promise.resolve(),
    async apply() {
      limit = await limitCpu(
        `deadair-${process.pid}-${target}-${randomUUID().slice(0, 8)}`,
        cpuShare,
        async () => [life.node.pid, ...(await life.node.processes())],
      );
      before = { atMs: monotonicMs(), usage: await limit.usage() };
    },
    watch: () => Promise.resolve(),
    async proveApplied(): Promise<Shown> {
      if (!limit || !before) throw new Error(`${target} was not starved`);
      const spanMs = monotonicMs() - before.atMs;
      const { usedMs, throttled } = await limit.usage();
      const used = usedMs - before.usage.usedMs;
      // What is left of a period at either end may have been used in it or not.
      const edgeMs = cpuShare * CPU_PERIOD_MS;
      const interval: [number, number] = [Math.max(0, used - edgeMs) / spanMs, (used + edgeMs) / spanMs];
      return {
        requested: `${target} gets ${cpuShare * 100} % of one processor and has to wait for more`,
        figures: [
          {
            ...nodeFigure(target, 'cpu', 'share', [0, cpuShare * (1 + TOLERANCE)], used / spanMs),
            interval,
            holds: interval[0] <= cpuShare * (1 + TOLERANCE),
          },
          nodeFigure(target, 'throttled', 'periods', [1, null], throttled - before.usage.throttled),
        ],
        declared: [`the kernel says that the limit is ${(await limit.readBack()) * 100} %`],
      };
    },
    async heal() {
      await limit?.lift();
    },
    recover: () => Promise.resolve(),
    async proveHealed(): Promise<Shown> {
      const still = await limit?.usage().then(
        () => 1,
        () => 0,
      );
      return {
        requested: `${target} gets what time there is`,
        figures: [nodeFigure(target, 'throttled', 'periods', [0, 0], still ?? null)],
        declared: ['the group that limited it is gone, with all of its processes back where they were'],
      };
    },
  };
}
