import { execa } from 'execa';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { Emulator, LinkEnd } from '../emulator/contract.js';
import type { PlannedLink, PlannedNode, Plan } from '../plan/types.js';
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
  await Promise.all(plan.lab.nodes.map((node) => configure(node, startedNode(nodes, node.name), neighbours(plan, node))));
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
      ...['link', 'add', a.interface, 'netns', pid(link.a.node), 'address', a.mac, 'type', 'veth'],
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
 * Who is at the other end of a node's impaired point-to-point links. They are told to the kernel for good: ARP would
 * die in a black hole too, some 30 s in, and turn it into a local "host unreachable" that a cut far away never gives.
 */
function neighbours(plan: Plan, node: PlannedNode): Neighbour[] {
  return node.interfaces.flatMap((own) => {
    const link = plan.lab.links.find(({ name, impaired }) => impaired && name === own.link);
    const peer = link && plan.lab.nodes.find(({ name }) => name === (link.a.node === node.name ? link.b : link.a).node);
    const far = peer?.interfaces.find((iface) => iface.link === own.link);
    if (!far || own.address === null) return [];
    return addresses(far).map((address) => ({ interface: own.name, address, mac: far.mac }));
  });
}

/** Brings a node's interfaces up with addresses, routes, and a bridge over all ports of a switch. */
async function configure(node: PlannedNode, started: StartedNode, known: readonly Neighbour[]): Promise<void> {
  const isSwitch = node.role === 'switch';
  const lines = isSwitch ? ['link add bridge type bridge', 'link set bridge up'] : [];
  for (const iface of node.interfaces) {
    lines.push(`link set ${iface.name} up`);
    if (isSwitch) lines.push(`link set ${iface.name} master bridge`);
    for (const address of addresses(iface))
      lines.push(`address add ${address}/${iface.prefixLength} dev ${iface.name}`);
  }
  for (const { interface: iface, address, mac } of known)
    lines.push(`neigh add ${address} lladdr ${mac} dev ${iface} nud permanent`);
  for (const route of node.routes) lines.push(`route add ${route.to} via ${route.via}`);
  await runInNetwork(started, ['ip', '-batch', '-'], lines.join('\n') + '\n');
  if (node.forwards) await runInNetwork(started, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);
}

function addresses(iface: PlannedNode['interfaces'][number]): string[] {
  return iface.address === null ? [] : [iface.address, ...iface.extraAddresses];
}
