import type { LinkState } from '../emulator/contract.js';
import type { PlannedLink } from '../plan/planned-lab.js';
import type { Plan } from '../plan/types.js';

/** A host with an address on one side of a link. */
interface Side {
  node: string;
  address: string;
}

/** One way over a link: `from` is the end that sends, which may be a switch; the sides are hosts. */
export interface Way {
  from: string;
  sender: Side;
  receiver: Side;
}

/** Both ways over a link; none if a side has no host with an address. */
export function waysOver(plan: Plan, link: PlannedLink): Way[] {
  const a = sideOf(plan, link, link.a.node);
  const b = sideOf(plan, link, link.b.node);
  if (!a || !b) return [];
  return [
    { from: link.a.node, sender: a, receiver: b },
    { from: link.b.node, sender: b, receiver: a },
  ];
}

/** Name of a direction, in the state of a link and in its counters. */
export type DirectionName = keyof LinkState;

/** The direction in which this end of a link sends. */
export const directionFrom = ({ a }: PlannedLink, from: string): DirectionName =>
  from === a.node ? 'aToB' : 'bToA';

/** A link that no fault ever touches. */
export const controlLink = (plan: Plan): PlannedLink | undefined =>
  plan.lab.links.find((link) => !link.impaired);

function sideOf(plan: Plan, link: PlannedLink, name: string): Side | null {
  const { nodes, links } = plan.lab;
  const end = nodes.find((node) => node.name === name);
  const own = end?.interfaces.find((iface) => iface.link === link.name)?.address;
  if (own) return { node: name, address: own };
  // A switch: any other host plugged into it.
  for (const other of links) {
    if (other === link || (other.a.node !== name && other.b.node !== name)) continue;
    const host = nodes.find((node) => node.name === (other.a.node === name ? other.b.node : other.a.node));
    const address = host?.interfaces.find((iface) => iface.link === other.name)?.address;
    if (host && address) return { node: host.name, address };
  }
  return null;
}
