import { type Emulator, clearDirection } from '../../src/emulator/contract.js';
import type { ScratchNamespace } from '../integration/scratch-namespace.js';
import type { PacketRecord } from './checks.js';
import type { ConformanceCase } from './cases.js';
import { type TrafficPlan, exchangeApart } from './traffic.js';

/**
 * Puts a link between two namespaces for each case, impairs it from left to right, and sends the case's traffic over it,
 * all of them at once. Returns the records of each case.
 */
export async function meet(
  emulator: Emulator,
  cases: readonly ConformanceCase[],
  left: ScratchNamespace,
  right: ScratchNamespace,
): Promise<PacketRecord[][]> {
  for (const [index, { impairment }] of cases.entries()) {
    await connectAddressed(emulator, index, left, right);
    await emulator.set(`link-${index}`, {
      aToB: { ...clearDirection, otherwise: impairment },
      bToA: clearDirection,
    });
  }
  return exchangeApart(
    cases.map(({ traffic }, index): TrafficPlan => ({
      ...traffic,
      from: { netnsPath: left.netnsPath, address: `198.18.${index}.1`, port: 0 },
      to: { netnsPath: right.netnsPath, address: `198.18.${index}.2`, port: 0 },
    })),
  );
}

/** Puts `link-INDEX` between 198.18.INDEX.1 and .2, up, and without ARP, which would be impaired too. */
export async function connectAddressed(
  emulator: Emulator,
  index: number,
  left: ScratchNamespace,
  right: ScratchNamespace,
  log?: string,
): Promise<void> {
  const device = `c${index}`;
  const byte = index.toString(16).padStart(2, '0');
  const macs = [`02:00:00:00:${byte}:01`, `02:00:00:00:${byte}:02`] as const;
  await emulator.connect({
    name: `link-${index}`,
    a: { netnsPath: left.netnsPath, interface: device, mac: macs[0] },
    b: { netnsPath: right.netnsPath, interface: device, mac: macs[1] },
    ...(log === undefined ? {} : { log }),
  });
  for (const [namespace, own, peer] of [
    [left, 1, 2],
    [right, 2, 1],
  ] as const) {
    namespace.run('ip', 'address', 'add', `198.18.${index}.${own}/24`, 'dev', device);
    namespace.run('ip', 'link', 'set', device, 'up');
    const neighbour = ['neighbour', 'replace', `198.18.${index}.${peer}`, 'lladdr', macs[peer - 1]!];
    namespace.run('ip', ...neighbour, 'dev', device, 'nud', 'permanent');
  }
}
