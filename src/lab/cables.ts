import { execa } from 'execa';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { Emulator, LinkEnd } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { PlannedInterface, PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { runInNetwork } from './network.js';
import type { StartedNode } from './runtime.js';

type Nodes = ReadonlyMap<string, StartedNode>;

/**
 * Lays every link of the plan: by the emulator where a fault will touch it, as a veth pair otherwise. The wire emulator
 * writes its decisions to the scenario's folder.
 */
export async function layCables(
  plan: Plan,
  nodes: Nodes,
  emulator: Emulator,
  scenarioFolder: string,
): Promise<void> {
  for (const link of plan.lab.links) {
    const a = linkEnd(plan, nodes, link.a);
    const b = linkEnd(plan, nodes, link.b);
    if (link.impaired) {
      const log = scenarioFiles(scenarioFolder).decisions(link.name);
      if (plan.emulator === 'wire') await mkdir(dirname(log), { recursive: true });
      await emulator.connect({ name: link.name, a, b, ...(plan.emulator === 'wire' && { log }) });
    } else await layVeth(link, a, b, nodes);
  }
  await Promise.all(
    plan.lab.nodes.map(async (node) => {
      const started = startedNode(nodes, node.name);
      if (node.role === 'switch')
        await runInNetwork(started, ['ip', 'link', 'add', 'bridge', 'type', 'bridge']);
      await configureNode(plan, node, started);
    }),
  );
}

export function startedNode(nodes: Nodes, name: string): StartedNode {
  const node = nodes.get(name);
  if (!node) throw new Error(`the plan names node ${name}, which was not started`);
  return node;
}

function linkEnd(plan: Plan, nodes: Nodes, end: PlannedLink['a']): LinkEnd {
  const planned = plan.lab.nodes.find((node) => node.name === end.node);
  const iface = planned?.interfaces.find((candidate) => candidate.name === end.interface);
  if (!iface) throw new Error(`the plan has no interface ${end.interface} on ${end.node}`);
  return { netnsPath: startedNode(nodes, end.node).netnsPath, interface: iface.name, mac: iface.mac };
}

/** Both ends are made in their namespaces at once: nothing ever appears on the host. */
async function layVeth(link: PlannedLink, a: LinkEnd, b: LinkEnd, nodes: Nodes): Promise<void> {
  const pid = (node: string) => String(startedNode(nodes, node).pid);
  try {
    await execa('ip', [
      ...['link', 'add', 'name', a.interface, 'netns', pid(link.a.node), 'address', a.mac, 'type', 'veth'],
      ...['peer', 'name', b.interface, 'netns', pid(link.b.node), 'address', b.mac],
    ]);
  } catch (error) {
    throw new DeadairError('LINK_NOT_LAID', `link ${link.name}: ${messageOf(error)}`, {
      exitCode: ExitCode.labFailed,
      fix: 'The kernel must have veth interfaces.',
      cause: error,
    });
  }
}

interface Neighbour {
  interface: string;
  address: string;
  mac: string;
}

/**
 * Whom a node must not forget: who is at the other end of an impaired point-to-point link, and who loses its power on a
 * segment of it. They are told to the kernel for good: ARP would die in a black hole too, some 30 s in, and turn it into a
 * local "host unreachable" that a cut far away never gives.
 */
function neighbours(plan: Plan, node: PlannedNode): Neighbour[] {
  const isPowered = (name: string) =>
    plan.faults.some(({ kind, target }) => kind === 'power' && target === name);
  return node.interfaces.flatMap((own) => {
    if (own.address === null) return [];
    const link = plan.lab.links.find(({ name }) => name === own.link);
    const known = segmentMates(plan, node.name, own.link).filter(
      (mate) =>
        isPowered(mate.node) ||
        isPowered(node.name) ||
        (link?.impaired === true && mate.iface.link === own.link),
    );
    return known.flatMap(({ iface }) =>
      addresses(iface).map((address) => ({ interface: own.name, address, mac: iface.mac })),
    );
  });
}

/** Interfaces with addresses that a node reaches over one of its links without a router: its other end, or behind a switch. */
function segmentMates(
  plan: Plan,
  node: string,
  linkName: string,
): { node: string; iface: PlannedInterface }[] {
  const { nodes, links } = plan.lab;
  const roleOf = (name: string) => nodes.find((one) => one.name === name)?.role;
  const reached = new Set([linkName]);
  for (const name of reached) {
    const link = links.find((one) => one.name === name);
    for (const end of link ? [link.a.node, link.b.node] : [])
      if (roleOf(end) === 'switch')
        for (const other of links) if (other.a.node === end || other.b.node === end) reached.add(other.name);
  }
  return nodes
    .filter(({ name }) => name !== node)
    .flatMap(({ name, interfaces }) =>
      interfaces
        .filter((iface) => reached.has(iface.link) && iface.address !== null)
        .map((iface) => ({ node: name, iface })),
    );
}

/**
 * Brings a node's interfaces up with addresses and routes, and a bridge over all ports of a switch. Doing it again after a
 * power cycle is harmless.
 */
export async function configureNode(plan: Plan, node: PlannedNode, started: StartedNode): Promise<void> {
  const isSwitch = node.role === 'switch';
  const lines = isSwitch ? ['link set bridge up'] : [];
  for (const iface of node.interfaces) {
    lines.push(`link set dev ${iface.name} up`);
    if (isSwitch) lines.push(`link set dev ${iface.name} master bridge`);
    for (const address of addresses(iface))
      lines.push(`address replace ${address}/${iface.prefixLength} dev ${iface.name}`);
  }
  for (const { interface: iface, address, mac } of neighbours(plan, node))
    lines.push(`neigh replace ${address} lladdr ${mac} dev ${iface} nud permanent`);
  for (const route of node.routes) lines.push(`route replace ${route.to} via ${route.via}`);
  await runInNetwork(started, ['ip', '-batch', '-'], lines.join('\n') + '\n');
  if (node.forwards) await setIpv4(started, 'ip_forward');
  // Its programs are there before it's their turn, and have the shared address in their configurations.
  if (node.interfaces.some(({ sharedAddress }) => sharedAddress !== undefined))
    await setIpv4(started, 'ip_nonlocal_bind');
}

const setIpv4 = (started: StartedNode, setting: string) =>
  runInNetwork(started, ['sh', '-c', `echo 1 >/proc/sys/net/ipv4/${setting}`]);

function addresses(iface: PlannedInterface): string[] {
  return iface.address === null ? [] : [iface.address, ...iface.extraAddresses];
}
