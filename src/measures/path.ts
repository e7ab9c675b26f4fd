import type { PlannedLine, PlannedTrunk } from '../plan/planned-lab.js';
import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';

/** Nodes that a packet on its way to another node can go through; a nameserver or a phone it can't. */
const passes = ({ role, forwards }: PlannedNode): boolean =>
  forwards || role === 'switch' || role === 'router' || role === 'sbc' || role === 'pbx';

/** Names of the links on the shortest way from one node to another; empty if there is none. */
export function linksBetween(plan: Plan, from: string, to: string): string[] {
  const passable = new Set(plan.lab.nodes.filter(passes).map(({ name }) => name));
  const ways: { node: string; links: string[] }[] = [{ node: from, links: [] }];
  const visited = new Set([from]);
  for (const { node, links } of ways) {
    if (node === to) return links;
    if (node !== from && !passable.has(node)) continue;
    for (const { name, a, b } of plan.lab.links) {
      if (a.node !== node && b.node !== node) continue;
      const next = a.node === node ? b.node : a.node;
      if (visited.has(next)) continue;
      visited.add(next);
      ways.push({ node: next, links: [...links, name] });
    }
  }
  return [];
}

/** The node that chooses a trunk: the SBC, or the PBX of a lab without one. */
function trunkChooser(plan: Plan): string | null {
  const of = (role: string) => plan.lab.nodes.find((node) => node.role === role)?.name;
  return of('sbc') ?? of('pbx') ?? null;
}

/** Links whose cut takes a trunk down: those between the node that chooses trunks and the carrier. */
export function trunkLinks(plan: Plan, trunk: PlannedTrunk): string[] {
  const chooser = trunkChooser(plan);
  return chooser === null ? [] : linksBetween(plan, chooser, trunk.carrier);
}

/** Links of a site's line: its own, and on from there to the node that chooses trunks. */
export function lineLinks(plan: Plan, { link, router }: PlannedLine): string[] {
  const own = plan.lab.links.find(({ name }) => name === link);
  const chooser = trunkChooser(plan);
  if (!own || chooser === null) return [link];
  const far = own.a.node === router ? own.b.node : own.a.node;
  return [link, ...linksBetween(plan, far, chooser)];
}

/** Nodes without which a trunk is down: its carrier, and those between it and the node that chooses trunks. */
export function trunkNodes(plan: Plan, trunk: PlannedTrunk): string[] {
  const chooser = trunkChooser(plan);
  return nodesOn(plan, trunkLinks(plan, trunk)).filter((node) => node !== chooser);
}

/** The nodes at the ends of links, each once. */
export const nodesOn = (plan: Plan, links: readonly string[]): string[] => [
  ...new Set(
    plan.lab.links.filter(({ name }) => links.includes(name)).flatMap(({ a, b }) => [a.node, b.node]),
  ),
];

export const primaryTrunk = (plan: Plan): PlannedTrunk | null => plan.lab.trunks[0] ?? null;
